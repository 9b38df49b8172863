import { FUNCTIONS } from "./functions.ts";
import { METHODS } from "./methods.ts";
import { numberOf } from "./number.ts";
import {
  type Arithmetic,
  type Compared,
  type Comparison,
  type Expression,
  type Loop,
  OperationError,
} from "./syntax.ts";
import { type Token, tokens } from "./tokens.ts";

/** Reads an operation in which only these names mean something. Throws OperationError with what is not understood. */
export function parseOperation(text: string, names: readonly string[]): Expression {
  if (text.length > CHARACTERS_MAX) throw new OperationError(`longer than ${CHARACTERS_MAX} characters`);
  const reader = new Reader(text, names);
  const expression = reader.expression();
  reader.end();
  return expression;
}

const CHARACTERS_MAX = 4_000;
const DEPTH_MAX = 50;
const CONSTANTS: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
const KEYWORDS = new Set(["if", "else", "for", "in", "not", "and", "or", "is", "lambda", ...Object.keys(CONSTANTS)]);

/** What Ceilometer lets an operation reach, and nothing here does. */
const OUTSIDE: Readonly<Record<string, string>> = {
  re: "patterns are not: split, replace, startswith and in are",
  time: "an operation has no clock",
  f: "texts that are filled in are not: say it with + and str()",
};

class Reader {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  readonly #names: string[];
  #next = 0;
  #depth = 0;

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#tokens = tokens(text);
    this.#names = [...names];
  }

  end(): void {
    const token = this.#tokens[this.#next];
    if (token !== undefined) throw this.#wrong(`“${this.#text.slice(token.at)}” is not understood`);
  }

  #wrong(says: string): OperationError {
    const at = this.#tokens[this.#next]?.at ?? this.#text.length;
    return new OperationError(`in “${this.#text.trim()}” at character ${at + 1}: ${says}`);
  }

  #isAt(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#next + ahead];
    return token !== undefined && token.kind !== "text" && token.text === text;
  }

  #takes(...texts: readonly string[]): boolean {
    if (!texts.every((text, index) => this.#isAt(text, index))) return false;
    this.#next += texts.length;
    return true;
  }

  #needs(text: string): void {
    if (!this.#takes(text)) throw this.#wrong(`“${text}” is missing`);
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#wrong("too deep");
    const found = this.#takes("lambda") ? this.#lambda() : this.#choice();
    this.#depth -= 1;
    return found;
  }

  #lambda(): Expression {
    const names = this.#freshNames(":");
    this.#needs(":");
    const body = this.#within(names, () => this.expression());
    return { kind: "lambda", names, body };
  }

  /** Names that are good only inside. */
  #within<T>(names: readonly string[], read: () => T): T {
    this.#names.push(...names);
    const found = read();
    this.#names.length -= names.length;
    return found;
  }

  #freshNames(until: string): string[] {
    const names: string[] = [];
    while (!this.#isAt(until)) {
      const token = this.#tokens[this.#next];
      if (token?.kind !== "word" || KEYWORDS.has(token.text) || token.text.startsWith("_")) {
        throw this.#wrong("a name is missing");
      }
      names.push(token.text);
      this.#next += 1;
      if (!this.#takes(",")) break;
    }
    return names;
  }

  #choice(): Expression {
    const then = this.#or();
    if (!this.#takes("if")) return then;
    const when = this.#or();
    this.#needs("else");
    return { kind: "choice", when, then, otherwise: this.expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takes("or")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takes("and")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    return this.#takes("not") ? { kind: "not", of: this.#not() } : this.#comparison();
  }

  #comparison(): Expression {
    const first = this.#arithmetic(["+", "-"], () => this.#product());
    const rest: Compared[] = [];
    for (;;) {
      const operator = this.#comparing();
      if (operator === undefined) return rest.length === 0 ? first : { kind: "comparison", first, rest };
      rest.push({ operator, with: this.#arithmetic(["+", "-"], () => this.#product()) });
    }
  }

  #comparing(): Comparison | undefined {
    if (this.#takes("not", "in")) return "not in";
    if (this.#takes("is", "not")) return "is not";
    return COMPARISONS.find((each) => this.#takes(each));
  }

  #product(): Expression {
    return this.#arithmetic(["*", "/", "//", "%"], () => this.#signed());
  }

  #arithmetic(operators: readonly Arithmetic[], next: () => Expression): Expression {
    let left = next();
    for (;;) {
      const operator = operators.find((each) => this.#takes(each));
      if (operator === undefined) return left;
      left = { kind: "arithmetic", operator, left, right: next() };
    }
  }

  #signed(): Expression {
    if (this.#takes("-")) return { kind: "negative", of: this.#signed() };
    if (this.#takes("+")) return this.#signed();
    const left = this.#part();
    return this.#takes("**") ? { kind: "arithmetic", operator: "**", left, right: this.#signed() } : left;
  }

  #part(): Expression {
    let found = this.#atom();
    for (;;) {
      if (this.#takes("[")) found = this.#subscript(found);
      else if (this.#takes(".")) found = this.#method(found);
      else if (this.#isAt("(")) throw this.#wrong("what stands before it cannot be called");
      else return found;
    }
  }

  #subscript(of: Expression): Expression {
    const from = this.#isAt(":") ? undefined : this.expression();
    if (!this.#takes(":")) {
      this.#needs("]");
      return { kind: "item", of, index: from ?? { kind: "constant", value: null } };
    }
    const to = this.#isAt("]") ? undefined : this.expression();
    this.#needs("]");
    return { kind: "slice", of, from, to };
  }

  #method(of: Expression): Expression {
    const name = this.#tokens[this.#next]?.text ?? "";
    if (!Object.hasOwn(METHODS, name))
      throw this.#wrong(`“.${name}” is not understood: ${Object.keys(METHODS).join(", ")} are`);
    this.#next += 1;
    this.#needs("(");
    return { kind: "method", of, name, given: this.#arguments() };
  }

  #arguments(): readonly Expression[] {
    const given: Expression[] = [];
    while (!this.#takes(")")) {
      given.push(this.#eachOf(() => this.expression()));
      if (this.#takes(")")) break;
      this.#needs(",");
    }
    return given;
  }

  #atom(): Expression {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#wrong("something is missing");
    if (this.#takes("(")) return this.#bracketed(")");
    if (this.#takes("[")) return this.#bracketed("]");
    if (this.#takes("{")) return this.#table();
    if (token.kind === "sign") throw this.#wrong(`“${token.text}” is not understood here`);
    if (token.kind === "word") return this.#word(token.text);
    this.#next += 1;
    if (token.kind === "number") return { kind: "constant", value: numberOf(token.text) };
    let text = token.text;
    // Texts that stand beside each other are one.
    for (let more = this.#tokens[this.#next]; more?.kind === "text"; more = this.#tokens[this.#next]) {
      text += more.text;
      this.#next += 1;
    }
    return { kind: "constant", value: text };
  }

  #word(word: string): Expression {
    if (Object.hasOwn(CONSTANTS, word)) {
      this.#next += 1;
      return { kind: "constant", value: CONSTANTS[word] };
    }
    const dotted = this.#isAt(".", 1) ? `${word}.${this.#tokens[this.#next + 2]?.text}` : word;
    if (Object.hasOwn(FUNCTIONS, dotted) && this.#isAt("(", dotted === word ? 1 : 3)) {
      this.#next += dotted === word ? 2 : 4;
      return { kind: "call", name: dotted, given: this.#arguments() };
    }
    if (!this.#names.includes(word) || word.startsWith("_")) {
      const known = [...new Set(this.#names), ...Object.keys(FUNCTIONS).map((name) => `${name}()`)].join(", ");
      throw this.#wrong(
        `“${word}” is not understood: ${Object.hasOwn(OUTSIDE, word) ? OUTSIDE[word] : `${known} are`}`,
      );
    }
    this.#next += 1;
    return { kind: "name", name: word };
  }

  /** `(a)`, `(a, b)`, `[a, b]`, `[a for a in b]`; pairs and lists are one. */
  #bracketed(close: ")" | "]"): Expression {
    if (this.#takes(close)) return { kind: "list", items: [] };
    const first = this.#eachOf(() => this.expression());
    if (this.#takes(close)) return close === ")" || first.kind === "each" ? first : { kind: "list", items: [first] };
    const items = [first];
    while (this.#takes(",")) {
      if (this.#isAt(close)) break;
      items.push(this.expression());
    }
    this.#needs(close);
    return { kind: "list", items };
  }

  #table(): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.#takes("}")) {
      const key = this.expression();
      this.#needs(":");
      entries.push([key, this.expression()]);
      if (this.#takes("}")) break;
      this.#needs(",");
    }
    return { kind: "table", entries };
  }

  /** What stands before `for` is read when it is known what its names are: they come after it. */
  #eachOf(read: () => Expression): Expression {
    const start = this.#next;
    const loopAt = this.#loopAhead();
    if (loopAt === undefined) return read();
    this.#next = loopAt;
    const loops: Loop[] = [];
    const names = this.#names.length;
    while (this.#takes("for")) loops.push(this.#loop());
    const end = this.#next;
    this.#next = start;
    const item = read();
    if (this.#next !== loopAt) throw this.#wrong("not understood before “for”");
    this.#next = end;
    this.#names.length = names;
    return { kind: "each", item, loops };
  }

  #loop(): Loop {
    const isWrapped = this.#takes("(");
    const names = this.#freshNames(isWrapped ? ")" : "in");
    if (isWrapped) this.#needs(")");
    this.#needs("in");
    const over = this.#or();
    this.#names.push(...names);
    const tests: Expression[] = [];
    while (this.#takes("if")) tests.push(this.#or());
    return { names, over, tests };
  }

  /** Where the `for` stands that belongs to this bracket. */
  #loopAhead(): number | undefined {
    let depth = 0;
    for (let at = this.#next; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at];
      if (token?.kind === "sign" && /[([{]/.test(token.text)) depth += 1;
      if (token?.kind === "sign" && /[)\]}]/.test(token.text)) depth -= 1;
      if (depth < 0 || (depth === 0 && token?.kind === "sign" && token.text === ",")) return undefined;
      if (depth === 0 && token?.kind === "word" && token.text === "for") return at;
    }
    return undefined;
  }
}

const COMPARISONS: readonly Comparison[] = ["==", "!=", "<=", ">=", "<", ">", "in", "is"];
