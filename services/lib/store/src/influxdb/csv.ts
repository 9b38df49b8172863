/** A row of an answer: its cells by their columns. What is absent is empty. */
export type Row = Readonly<Record<string, string>>;

/**
 * An answer of InfluxQL. CSV, since the JSON of all versions passes 64-bit integers through a float. An answer that failed
 * is CSV too, of one column called `error`.
 */
export function rowsOf(csv: string): Row[] {
  const [header = [], ...lines] = recordsOf(csv);
  if (header[0] === "error") throw new Error(`InfluxDB refuses the question: ${lines[0]?.[0] ?? ""}`);
  return lines.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ""])));
}

function recordsOf(csv: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = "", end = ""] of csv.matchAll(CELL)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  }
  return records;
}

/** One cell and what ends it: a comma, the line, or the text. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g;

export function text(row: Row, column: string): string {
  const cell = row[column];
  if (cell === undefined) throw new TypeError(`InfluxDB gave no column ${column}`);
  return cell;
}

export const whole = (row: Row, column: string): bigint => BigInt(text(row, column));

export const integer = (row: Row, column: string): number => Number(text(row, column));
