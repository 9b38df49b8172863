/** An element as text, indented, one to a line; nothing where there is nothing to say, because no profile allows empty elements. */
export type Xml = string;

type Attributes = Readonly<Record<string, string>>;

/** An element around others. */
export function tree(name: string, children: readonly (Xml | undefined)[], attributes: Attributes = {}): Xml {
  const inner = children.filter((child) => child !== undefined && child !== "").join("");
  return inner === "" ? "" : `<${name}${written(attributes)}>\n${inner}</${name}>\n`;
}

/** An element around text. */
export const leaf = (name: string, text: string | undefined, attributes: Attributes = {}): Xml =>
  text === undefined || text === "" ? "" : `<${name}${written(attributes)}>${escaped(text)}</${name}>\n`;

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");

/** What XML cannot hold at all is left out: no name may make a document unreadable. */
const escaped = (text: string): string =>
  text
    .replace(FORBIDDEN, "")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\t\r\n]+/g, " ");

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const DECLARATION = `<?xml version="1.0" encoding="UTF-8"?>\n`;
