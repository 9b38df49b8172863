import { OperationError } from "./syntax.ts";

export type Token =
  | { readonly kind: "word" | "number" | "sign"; readonly text: string; readonly at: number }
  | { readonly kind: "text"; readonly text: string; readonly at: number };

const PATTERN =
  /\s+|(?<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<sign>\*\*|\/\/|==|!=|<=|>=|[-+*/%<>()[\]{}.,:])/y;

/** Cuts an operation into its words. Throws OperationError for what no word begins with. */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(text)?.groups;
    if (groups === undefined) throw new OperationError(`“${text.slice(at, at + 10)}” is not understood`);
    if (groups["number"] !== undefined) found.push({ kind: "number", text: groups["number"], at });
    else if (groups["word"] !== undefined) found.push({ kind: "word", text: groups["word"], at });
    else if (groups["text"] !== undefined) found.push({ kind: "text", text: unquoted(groups["text"]), at });
    else if (groups["sign"] !== undefined) found.push({ kind: "sign", text: groups["sign"], at });
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

const unquoted = (written: string): string =>
  written.slice(1, -1).replaceAll(/\\(.)/gs, (whole, sign: string) => {
    if (sign === "\\" || sign === "'" || sign === '"') return sign;
    return ESCAPES[sign] ?? whole;
  });
