/** One statement of a dump. Its text is told in bytes (latin1), so that a quote is a quote whatever encoding is around it. */
export interface Statement {
  /** Without its comments and its semicolon. */
  readonly text: string;
  /** The lines that follow a `COPY … FROM stdin`, up to its `\.`. */
  readonly copied?: readonly string[];
  readonly dialect: Dialect;
  /** The dump ends among the rows that follow it. */
  readonly isCutOff?: boolean;
}

/** What of the writer's kind changes what a literal says. */
export interface Dialect {
  /** MySQL: a backslash in a text hides what comes after it. The standard has no such thing. */
  readonly isEscaped: boolean;
  /** SQLite: what has a point is a binary float, whatever its column was declared as. */
  readonly isFloating: boolean;
}

/**
 * Cuts a dump into statements as it comes, and drops those that nobody wants: with the data frames of the oldest storage in it,
 * a dump is larger than memory. What is wanted is told by a statement's beginning.
 */
export async function* statements(
  chunks: AsyncIterable<string> | Iterable<string>,
  isWanted: (beginning: string) => boolean,
): AsyncGenerator<Statement> {
  const cutter = new Cutter(isWanted);
  for await (const chunk of chunks) yield* cutter.add(chunk);
  yield* cutter.end();
}

const BEGINNING_CHARACTERS = 200;
const MARK = /['"`;]|--|\/\*/g;
const INSIDE: Readonly<Record<Quote, RegExp>> = { "'": /['\\]/g, '"': /"/g, "`": /`/g };
type Quote = "'" | '"' | "`";
/** What it stands in. */
type Place = Quote | "--" | "/*" | "copy" | undefined;

class Cutter {
  readonly #isWanted: (beginning: string) => boolean;
  #place: Place;
  /** What came and was not read to its end, and where reading goes on in it. */
  #came = "";
  #at = 0;
  /** Of the statement that is being read: its text, its last characters, whether it is wanted once that is known. */
  #text = "";
  #tail = "";
  #fate: boolean | undefined;
  #copied: string[] = [];
  #isEscaped = false;
  #isFloating = false;
  #isEscapeText = false;

  constructor(isWanted: (beginning: string) => boolean) {
    this.#isWanted = isWanted;
  }

  *add(chunk: string): Generator<Statement> {
    this.#came = this.#came.slice(this.#at) + chunk;
    this.#at = 0;
    for (;;) {
      const [at, place] = [this.#at, this.#place];
      const statement = this.#step();
      if (statement !== undefined) yield statement;
      if (this.#at === at && this.#place === place) return;
    }
  }

  /** Nothing comes any more: what is not finished is read as far as it goes, and whoever reads it will miss its end. */
  *end(): Generator<Statement> {
    yield* this.add("\n");
    const isInRows = this.#place === "copy";
    if (this.#place !== "--" && this.#place !== "/*") this.#take(this.#came.length);
    this.#place = undefined;
    this.#at = this.#came.length;
    if (!isInRows) return yield* this.add(";");
    const statement = this.#finished(this.#copied);
    if (statement !== undefined) yield { ...statement, isCutOff: true };
  }

  /** To the next thing that changes what is read; nowhere where more has to come first. */
  #step(): Statement | undefined {
    switch (this.#place) {
      case undefined:
        return this.#outside();
      case "copy":
        return this.#copy();
      case "--":
      case "/*":
        return this.#comment(this.#place === "--" ? "\n" : "*/");
      case "'":
      case '"':
      case "`":
        return this.#inside(this.#place);
    }
  }

  #outside(): Statement | undefined {
    MARK.lastIndex = this.#at;
    const found = MARK.exec(this.#came);
    // A mark of two characters may have been cut in two.
    if (found === null) return this.#take(Math.max(this.#at, this.#came.length - 1));
    const mark = found[0];
    this.#take(found.index);
    if (mark === ";") {
      this.#at += 1;
      return this.#cut();
    }
    if (mark === "--" || mark === "/*") {
      this.#place = mark;
      return undefined;
    }
    if (mark === "`") this.#isEscaped = true;
    // A quote right after a quote goes on with the same text.
    if (mark === "'" && !this.#tail.endsWith("'")) this.#isEscapeText = /(^|[^\w$])[eE]$/.test(this.#tail);
    this.#take(found.index + 1);
    this.#place = mark as Quote;
    return undefined;
  }

  #inside(quote: Quote): undefined {
    const pattern = INSIDE[quote];
    pattern.lastIndex = this.#at;
    for (let found = pattern.exec(this.#came); found !== null; found = pattern.exec(this.#came)) {
      if (found[0] === quote) {
        this.#take(found.index + 1);
        this.#place = undefined;
        return;
      }
      if (!this.#isEscaped && !this.#isEscapeText) continue;
      // What it hides has not come yet.
      if (found.index + 1 >= this.#came.length) return this.#take(found.index);
      pattern.lastIndex = found.index + 2;
    }
    this.#take(this.#came.length);
  }

  #comment(end: string): undefined {
    const found = this.#came.indexOf(end, this.#at + 2);
    if (found < 0) return;
    const comment = this.#came.slice(this.#at, Math.min(found, this.#at + BEGINNING_CHARACTERS));
    if (/^(--\s*(MySQL|MariaDB) dump|\/\*M?!)/.test(comment)) this.#isEscaped = true;
    this.#at = found + end.length;
    this.#keep(" ");
    this.#place = undefined;
  }

  #copy(): Statement | undefined {
    for (let end = this.#came.indexOf("\n", this.#at); end >= 0; end = this.#came.indexOf("\n", this.#at)) {
      const line = this.#came.slice(this.#at, end).replace(/\r$/, "");
      this.#at = end + 1;
      if (line === "\\.") {
        this.#place = undefined;
        return this.#finished(this.#copied);
      }
      if (line !== "" && this.#isWanted(this.#text.slice(0, BEGINNING_CHARACTERS))) this.#copied.push(line);
    }
    return undefined;
  }

  #cut(): Statement | undefined {
    this.#text = this.#text.trim();
    if (/^PRAGMA\s/i.test(this.#text)) this.#isFloating = true;
    if (!/^COPY\s.*\sFROM\s+stdin/is.test(this.#text)) return this.#finished();
    this.#place = "copy";
    return undefined;
  }

  #finished(copied?: readonly string[]): Statement | undefined {
    const dialect = { isEscaped: this.#isEscaped, isFloating: this.#isFloating };
    const statement = { text: this.#text, ...(copied === undefined ? {} : { copied }), dialect };
    const isWanted = statement.text !== "" && this.#isWanted(statement.text.slice(0, BEGINNING_CHARACTERS));
    [this.#text, this.#tail, this.#fate, this.#copied] = ["", "", undefined, []];
    return isWanted ? statement : undefined;
  }

  #take(end: number): undefined {
    this.#keep(this.#came.slice(this.#at, end));
    this.#at = end;
  }

  #keep(piece: string): void {
    this.#tail = (this.#tail + piece.slice(-3)).slice(-3);
    if (this.#fate === false) return;
    this.#text += piece;
    if (this.#fate !== undefined) return;
    this.#text = this.#text.trimStart();
    if (this.#text.length >= BEGINNING_CHARACTERS)
      this.#fate = this.#isWanted(this.#text.slice(0, BEGINNING_CHARACTERS));
  }
}
