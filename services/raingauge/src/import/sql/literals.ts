import { isUtf8 } from "node:buffer";
import type { Dialect } from "./statements.ts";

/** What a column holds, as text; null where it holds nothing. */
export type Cell = string | null;

/** Each is asked for in every row. */
const PATTERNS = new Map<string, RegExp>();

/** Reads along a statement. Each method says undefined, and stays where it was, where something else stands there. */
export class Reader {
  readonly #text: string;
  readonly #dialect: Dialect;
  #at = 0;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  get isAtEnd(): boolean {
    this.#match(/\s*/y);
    return this.#at >= this.#text.length;
  }

  /** Words or signs, in whatever case, with blanks before them. */
  next(pattern: string): string | undefined {
    const known = PATTERNS.get(pattern) ?? new RegExp(`\\s*(${pattern})`, "iy");
    PATTERNS.set(pattern, known);
    return this.#match(known)?.[1];
  }

  /** A table's or column's name, quoted or not, without the schema before it. */
  name(): string | undefined {
    const one = /\s*(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([A-Za-z_][\w$]*))/y;
    let found = this.#match(one);
    while (found !== undefined && this.next("\\.") !== undefined) found = this.#match(one);
    return found && (found[1]?.replaceAll("``", "`") ?? found[2]?.replaceAll('""', '"') ?? found[3]);
  }

  /** A row in parentheses. A cell that is no literal (a call, a sum) is undefined; where not even its end is seen, so is the row. */
  row(): readonly (Cell | undefined)[] | undefined {
    if (this.next("\\(") === undefined) return undefined;
    const cells: (Cell | undefined)[] = [];
    do {
      const cell = this.#literal();
      const isAlone = cell !== undefined && /\s*[,)]/y.test(this.#text.slice(this.#at, this.#at + 40));
      if (!isAlone) this.skip();
      cells.push(isAlone ? cell : undefined);
    } while (this.next(",") !== undefined);
    return this.next("\\)") === undefined ? undefined : cells;
  }

  /** Everything up to the comma or parenthesis that ends what stands here. */
  skip(): void {
    for (let depth = 0; ; ) {
      this.#match(/[^'"`(),]*/y);
      if (this.#quoted() !== undefined || this.name() !== undefined) continue;
      const sign = this.#text[this.#at];
      if (sign === undefined || (depth === 0 && (sign === "," || sign === ")"))) return;
      depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
      this.#at += 1;
    }
  }

  #literal(): Cell | undefined {
    if (this.next("null\\b") !== undefined) return null;
    const flag = this.next("(?:true|false)\\b");
    if (flag !== undefined) return flag.toLowerCase();
    const bytes = this.next("0x(?:[0-9a-f]{2})+\\b") ?? this.next("x'[0-9a-f]*'");
    if (bytes !== undefined) return binary(Buffer.from(bytes.replace(/^0x|^x'|'$/gi, ""), "hex"));
    const bit = this.next("b'[01]+'");
    if (bit !== undefined) return BigInt(`0b${bit.slice(2, -1)}`).toString();
    const number = this.next("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?");
    if (number !== undefined) return this.#dialect.isFloating && /[.e]/i.test(number) ? told(number) : number;
    const isBinary = this.next("_binary(?=\\s*')") !== undefined;
    this.next("(?:_[a-z0-9]+|n)(?=\\s*')");
    const text = this.#quoted();
    if (text === undefined) return undefined;
    this.next("::\\s*[a-z_][\\w. ]*(?:\\(\\d+(?:,\\s*\\d+)?\\))?");
    const content = Buffer.from(text, "latin1");
    return isBinary ? binary(content) : textOf(content);
  }

  #quoted(): string | undefined {
    const isEscaped = this.#dialect.isEscaped || /\s*e'/iy.test(this.#text.slice(this.#at, this.#at + 40));
    const found = this.#match(isEscaped ? /\s*e?'((?:[^'\\]+|''|\\[\s\S])*)'/iy : /\s*'((?:[^']+|'')*)'/y);
    const text = found?.[1]?.replaceAll("''", "'");
    return isEscaped ? text?.replace(/\\([\s\S])/g, (_, hidden: string) => UNHIDDEN[hidden] ?? hidden) : text;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found ?? undefined;
  }
}

/** What MySQL hides behind a backslash; of all else the backslash goes. `\%` and `\_` stay as they are, for LIKE. */
const UNHIDDEN: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\u001a",
  "%": "\\%",
  _: "\\_",
};

/** Sixteen bytes in a column of bytes are a UUID; anything else that is kept in one is a text. */
const binary = (bytes: Buffer): string =>
  bytes.length === 16 ? bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : textOf(bytes);

/** What is no UTF-8 was written in the old default of MySQL. */
export const textOf = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");

/**
 * SQLite keeps a decimal as a float, and CloudKitty's API tells all 28 places of that float. So do we: what is taken over is what
 * it rates by, to the last digit, and not what somebody once typed.
 */
const told = (float: string): string => Number(float).toFixed(FLOAT_PLACES);
const FLOAT_PLACES = 28;
