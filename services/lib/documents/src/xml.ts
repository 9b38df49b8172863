/** An element as text, one to a line; nothing where there is nothing to say, because no profile allows empty elements. */
export type Xml = string;

type Attributes = Readonly<Record<string, string>>;

/** An element around others. */
export function tree(name: string, children: readonly (Xml | undefined)[], attributes: Attributes = {}): Xml {
  let inner = "";
  for (const child of children) if (child !== undefined) inner += child;
  return inner === "" ? "" : `<${name}${written(attributes)}>\n${inner}</${name}>\n`;
}

/** An element around text. */
export const leaf = (name: string, text: string | undefined, attributes: Attributes = {}): Xml =>
  text === undefined || text === "" ? "" : `<${name}${written(attributes)}>${escaped(text)}</${name}>\n`;

function written(attributes: Attributes): string {
  let said = "";
  for (const name in attributes) said += ` ${name}="${escaped(attributes[name] ?? "")}"`;
  return said;
}

/** What XML cannot hold at all is left out: no name may make a document unreadable. */
const escaped = (text: string): string =>
  UNCOMMON.test(text)
    ? text
        .replace(FORBIDDEN, "")
        .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
        .replace(/[\t\r\n]+/g, " ")
    : text;

/** Most of what is written needs no second look. */
const UNCOMMON = /[^ !#-%'-;=?-~]/;

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const DECLARATION = `<?xml version="1.0" encoding="UTF-8"?>\n`;
