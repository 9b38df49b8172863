import { type Cell, Reader, textOf } from "./literals.ts";
import { type Dialect, type Statement, statements } from "./statements.ts";

/** Rows of tables, by the tables' names. A column that a row does not have is absent. */
export type Tables = ReadonlyMap<string, readonly Row[]>;
export type Row = Readonly<Record<string, Cell>>;

export interface Dump {
  readonly tables: Tables;
  /** What was there and could not be read, each in a sentence. */
  readonly unread: readonly string[];
}

/**
 * Reads the rows of these tables out of a dump of `mysqldump`, `pg_dump` (with or without --inserts) or SQLite's `.dump`. It is no
 * SQL engine: it understands what these programs write, and says what it does not. Chunks are read as latin1.
 */
export async function readDump(
  chunks: AsyncIterable<string> | Iterable<string>,
  names: ReadonlySet<string>,
): Promise<Dump> {
  const columns = new Map<string, readonly string[]>();
  const tables = new Map<string, Row[]>();
  const unread = new Set<string>();
  const isWanted = (beginning: string): boolean => names.has(tableOf(new Reader(beginning, STANDARD)) ?? "");
  for await (const statement of statements(chunks, isWanted)) {
    const reader = new Reader(statement.text, statement.dialect);
    const table = tableOf(reader) ?? "";
    if (/^create/i.test(statement.text)) {
      columns.set(table, columnsDeclared(reader));
      tables.set(table, tables.get(table) ?? []);
      continue;
    }
    const named = reader.next("\\(") === undefined ? columns.get(table) : namesIn(reader);
    const { rows, problem } =
      named === undefined
        ? { rows: [], problem: "its columns are not named: dump the tables' definitions with the rows" }
        : rowsOf(statement, reader, named);
    const kept = tables.get(table) ?? [];
    tables.set(table, kept);
    for (const row of rows) kept.push(row);
    if (problem !== undefined) unread.add(`${table}: ${problem}`);
  }
  return { tables, unread: [...unread] };
}

const STANDARD: Dialect = { isEscaped: false, isFloating: false };

/** Whose rows or columns a statement tells; undefined for any other statement. */
function tableOf(reader: Reader): string | undefined {
  if (reader.next("copy\\b") !== undefined) return reader.name();
  if (reader.next("create\\s+table\\b") !== undefined) {
    reader.next("if\\s+not\\s+exists\\b");
    return reader.name();
  }
  if (reader.next("(?:insert|replace)\\b") === undefined) return undefined;
  while (reader.next("(?:or|ignore|replace|low_priority|delayed|high_priority)\\b") !== undefined);
  return reader.next("into\\b") === undefined ? undefined : reader.name();
}

function namesIn(reader: Reader): readonly string[] {
  const names: string[] = [];
  do names.push(reader.name() ?? "");
  while (reader.next(",") !== undefined);
  reader.next("\\)");
  return names;
}

/** A definition's first word is its column, unless it is of the table's own rules. */
function columnsDeclared(reader: Reader): readonly string[] {
  const names: string[] = [];
  reader.next("\\(");
  do {
    const isRule = reader.next("(?:primary|unique|key|index|constraint|foreign|check|fulltext|spatial|exclude)\\b");
    const name = isRule === undefined ? reader.name() : undefined;
    if (name !== undefined) names.push(name);
    reader.skip();
  } while (reader.next(",") !== undefined);
  return names;
}

interface Read {
  readonly rows: readonly Row[];
  readonly problem?: string;
}

function rowsOf({ copied, isCutOff }: Statement, reader: Reader, columns: readonly string[]): Read {
  if (copied !== undefined) {
    const read = checked(columns, copied.map(copiedCells));
    return isCutOff === true ? { ...read, problem: `the dump ends after its row ${copied.length}` } : read;
  }
  reader.next("overriding\\s+(?:system|user)\\s+value\\b");
  if (reader.next("values\\b") === undefined) return { rows: [], problem: "its rows are not written out as VALUES" };
  const rows: (readonly (Cell | undefined)[])[] = [];
  do {
    const cells = reader.row();
    if (cells === undefined)
      return { ...checked(columns, rows), problem: `nothing is understood after row ${rows.length}` };
    rows.push(cells);
  } while (reader.next(",") !== undefined);
  return checked(columns, rows);
}

function checked(columns: readonly string[], rows: readonly (readonly (Cell | undefined)[])[]): Read {
  const whole = rows.filter((cells) => cells.length === columns.length && !cells.includes(undefined));
  const lost = rows.length - whole.length;
  return {
    rows: whole.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null]))),
    ...(lost === 0 ? {} : { problem: `${lost} of its rows have something else than a literal for each column` }),
  };
}

/** A line of COPY's text format. */
const copiedCells = (line: string): readonly Cell[] =>
  line.split("\t").map((cell) => (cell === "\\N" ? null : textOf(Buffer.from(unhidden(cell), "latin1"))));

const unhidden = (cell: string): string => cell.replace(/\\(.)/g, (_, hidden: string) => COPIED[hidden] ?? hidden);
const COPIED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
