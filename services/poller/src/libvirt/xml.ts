/** An element without its namespace prefix. What libvirt writes needs no more of XML than this. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** The text directly inside, without blanks around it. */
  readonly text: string;
}

export class NotXml extends Error {
  override readonly name = "NotXml";
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|([^<]+)/gy;

/** The outermost element. Throws NotXml for what is cut short or does not nest. */
export function parseXml(xml: string): Element {
  const outside: Open = { name: "", attributes: {}, children: [], text: "" };
  const open: Open[] = [outside];
  let read = 0;
  for (const token of xml.matchAll(TOKEN)) {
    read += token[0].length;
    take(token, open);
  }
  const [root] = outside.children;
  if (read !== xml.length || open.length !== 1 || root === undefined) throw new NotXml("not a whole XML document");
  return root;
}

function take([, cdata, closed, opened, attributes = "", empty, text]: RegExpExecArray, open: Open[]): void {
  const here = open.at(-1);
  if (here === undefined) throw new NotXml("more is closed than was opened");
  if (cdata !== undefined) here.text += cdata;
  else if (text !== undefined) here.text += plain(text);
  else if (closed !== undefined) close(closed, open);
  else if (opened !== undefined) {
    open.push({ name: opened, attributes: attributesOf(attributes), children: [], text: "" });
    if (empty === "/") close(opened, open);
  }
}

function close(name: string, open: Open[]): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element?.name !== name || parent === undefined) throw new NotXml(`${name} is closed where it is not open`);
  parent.children.push({ ...element, name: local(name), text: element.text.trim() });
}

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = "", double, single]) => [
      name,
      plain(double ?? single ?? ""),
    ]),
  );

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (written, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? written;
    const code = name[1] === "x" || name[1] === "X" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written;
  });

/** The first element along a path of names. */
export function within(element: Element, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((here, name) => here?.children.find((child) => child.name === name), element);
}
