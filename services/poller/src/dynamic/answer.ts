import { type Handler, parsedJson } from "@raingauge/definitions";
import { type Element, NotXml, parseXml } from "../libvirt/xml.ts";

/** None of a question's handlers understands its answer. */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
}

/** An answer as plain values, by the first handler that understands it. */
export function understood(text: string, handlers: readonly Handler[]): unknown {
  for (const handler of handlers) {
    try {
      return HANDLERS[handler](text);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof NotXml)) throw error;
    }
  }
  throw new NotUnderstood(`the answer is no ${handlers.join(", nor ")}`);
}

const HANDLERS: Readonly<Record<Handler, (text: string) => unknown>> = {
  json: parsedJson,
  xml: (text) => {
    const root = parseXml(text);
    return { [root.name]: plain(root) };
  },
  text: (text) => [{ out: text }],
};

/** As Python's xmltodict has it: `@` before attributes, `#text` beside them, a list where a name comes more than once. */
function plain({ attributes, children, text }: Element): unknown {
  const told = Object.entries(attributes).map(([name, value]) => [`@${name}`, value] as const);
  if (told.length === 0 && children.length === 0) return text === "" ? null : text;
  const inner = [...Map.groupBy(children, ({ name }) => name)].map(
    ([name, all]) => [name, all.length === 1 && all[0] !== undefined ? plain(all[0]) : all.map(plain)] as const,
  );
  return Object.fromEntries([...told, ...inner, ...(text === "" ? [] : [["#text", text] as const])]);
}
