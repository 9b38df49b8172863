import { type Document, isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** Where a thing stands in a document: keys of tables, indexes of lists. */
export type Place = readonly (string | number)[];

/** A YAML text as plain tables, lists and texts, and on which line each of them stands. */
export interface Yaml {
  readonly value: unknown;
  lineOf(place: Place): number;
  /** What keeps the text from being YAML. */
  readonly broken: readonly { readonly line: number; readonly path: string; readonly says: string }[];
}

/** Every scalar stays the text that it is in the file: YAML's own idea of a number is a float, and `no` is no country. */
export function readYaml(text: string): Yaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const wrong = [...document.errors, ...document.warnings];
  const broken = wrong.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, path: "", says: message }));
  const lineOf = (place: Place): number => lines.linePos(offsetOf(document, place)).line;
  if (broken.length > 0) return { value: undefined, lineOf, broken };
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }), lineOf, broken };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { value: undefined, lineOf, broken: [{ line: 1, path: "", says: error.message }] };
  }
}

/** Enough for a price that is repeated by reference; too little for a file that unfolds into a million of them. */
const ALIASES_MAX = 100;

/** Where in the text a place is, as far as the file has it: what is missing stands where it should have been. */
export function offsetOf(document: Document, place: Place): number {
  let offset = startOf(document.contents, 0);
  let here: unknown = document.contents;
  for (const step of place) {
    const found = stepInto(isAlias(here) ? here.resolve(document) : here, step);
    if (found === undefined) break;
    offset = startOf(found.mark, startOf(found.node, offset));
    here = found.node;
  }
  return offset;
}

function stepInto(
  node: unknown,
  step: string | number,
): { readonly mark: unknown; readonly node: unknown } | undefined {
  if (isSeq(node) && typeof step === "number") {
    const item = node.items[step];
    return item === undefined ? undefined : { mark: item, node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(key) === String(step));
  return pair === undefined ? undefined : { mark: pair.key, node: pair.value };
}

const startOf = (node: unknown, otherwise: number): number =>
  (node as Node | null | undefined)?.range?.[0] ?? otherwise;
