import type { Comparison, Expression, Operator, Step, Test } from "./expression.ts";

/** A path that is not understood, and at which of its characters. */
export class PathError extends Error {
  override readonly name = "PathError";
}

/** Reads a path as Ceilometer's definitions have them. Throws PathError; what is valid there and not here says what to do. */
export function parsePath(text: string): Expression {
  const reader = new Reader(text);
  const expression = union(reader);
  reader.end();
  return expression;
}

function union(reader: Reader): Expression {
  const of = [added(reader)];
  while (reader.takes("|")) of.push(added(reader));
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: "union", of };
}

const added = (reader: Reader): Expression => operations(reader, ["+", "-"], multiplied);
const multiplied = (reader: Reader, isFirst = true): Expression => operations(reader, ["*", "/"], operand, isFirst);

function operations(
  reader: Reader,
  operators: readonly Operator[],
  next: (reader: Reader, isFirst: boolean) => Expression,
  isFirst = true,
): Expression {
  let left = next(reader, isFirst);
  for (;;) {
    const operator = operators.find((each) => reader.takes(each));
    if (operator === undefined) return left;
    left = { kind: "operation", operator, left, right: next(reader, false) };
  }
}

function operand(reader: Reader, isFirst = true): Expression {
  if (reader.takes("(")) {
    const inner = union(reader);
    reader.needs(")");
    return inner;
  }
  const number = reader.match(/-?\d+(?:\.\d+)?/y);
  if (number !== undefined) return { kind: "constant", value: Number(number) };
  if (!isFirst && !reader.isAt("$")) {
    const text = reader.quoted();
    if (text !== undefined) return { kind: "constant", value: text };
  }
  return { kind: "path", steps: steps(reader) };
}

function steps(reader: Reader): Step[] {
  const found: Step[] = [];
  if (!reader.takes("$")) found.push({ kind: "field", name: reader.name() });
  for (;;) {
    if (reader.isAt("..")) throw reader.wrong("“..” searches everywhere: name the whole path instead");
    if (reader.takes(".")) found.push(...afterDot(reader));
    else if (reader.isAt("[")) found.push(bracket(reader));
    else return found;
  }
}

function afterDot(reader: Reader): Step[] {
  if (reader.isAt("[")) return [bracket(reader)];
  if (reader.takes("*")) return [{ kind: "fields" }];
  if (reader.isAt("`")) return call(reader);
  return [{ kind: "field", name: reader.name() }];
}

function bracket(reader: Reader): Step {
  reader.needs("[");
  const step = bracketed(reader);
  reader.needs("]");
  return step;
}

function bracketed(reader: Reader): Step {
  if (reader.takes("*")) return { kind: "items" };
  if (reader.takes("?")) return { kind: "where", tests: tests(reader) };
  const index = reader.match(/-?\d+/y);
  if (index === undefined) return { kind: "field", name: reader.name() };
  if (reader.isAt(":") || index.startsWith("-")) {
    throw reader.wrong("a slice or an index from the end: name one index, or [*] for all");
  }
  return { kind: "item", index: Number(index) };
}

function tests(reader: Reader): Test[] {
  const isWrapped = reader.takes("(");
  const found = [test(reader)];
  while (reader.takes("&")) found.push(test(reader));
  if (isWrapped) reader.needs(")");
  return found;
}

function test(reader: Reader): Test {
  if (reader.takes("@")) reader.takes(".");
  const field = reader.name();
  const operator = reader.match(/==|!=|<=|>=|=|<|>/y);
  if (operator === undefined) return { field };
  const number = reader.match(/-?\d+(?:\.\d+)?(?![\w.-])/y);
  const value = number === undefined ? (reader.quoted() ?? reader.name()) : Number(number);
  return { field, comparison: { operator: operator === "==" ? "=" : (operator as Comparison), value } };
}

function call(reader: Reader): Step[] {
  const written = reader.match(/`[^`]*`/y);
  if (written === "`this`") return [];
  const [, separator, segment, max] = /^`split\((.),\s*(\d+),\s*(\d+|-1)\)`$/.exec(written ?? "") ?? [];
  if (separator === undefined) {
    throw reader.wrong(
      `${written ?? "`"} is not understood: of the functions only \`split(SEPARATOR, SEGMENT, MAX)\` is`,
    );
  }
  return [{ kind: "split", separator, segment: Number(segment), max: Number(max) }];
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Blanks mean nothing outside of quotes. */
  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  isAt(sign: string): boolean {
    this.#skip();
    return this.#text.startsWith(sign, this.#at);
  }

  takes(sign: string): boolean {
    if (!this.isAt(sign)) return false;
    this.#at += sign.length;
    return true;
  }

  needs(sign: string): void {
    if (!this.takes(sign)) throw this.wrong(`“${sign}” is missing`);
  }

  /** A sticky expression's match here. */
  match(pattern: RegExp): string | undefined {
    this.#skip();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  quoted(): string | undefined {
    return this.match(/'[^']*'|"[^"]*"/y)?.slice(1, -1);
  }

  /** A field's name, with quotes where it holds dots or blanks. */
  name(): string {
    const found = this.quoted() ?? this.match(/[A-Za-z_@][\w@-]*/y);
    if (found === undefined) throw this.wrong("the name of a field is missing");
    return found;
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.wrong(`“${this.#text.slice(this.#at)}” is not understood`);
  }

  wrong(says: string): PathError {
    return new PathError(`in the path ${this.#text} at character ${this.#at + 1}: ${says}`);
  }
}
