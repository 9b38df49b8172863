/** A row of an answer: its cells by their columns. What is absent is empty. */
export type Row = Readonly<Record<string, string>>;

/** Makes something of each row, once it knows which columns come in which order; of a row that is nothing to it, nothing. */
export type Reader<T> = (columns: readonly string[]) => (cells: readonly string[]) => T | undefined;

export const asRow: Reader<Row> = (columns) => (cells) =>
  Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));

/** Finds the cells of a column in rows that are read cell by cell. */
export const cellsBy =
  (columns: readonly string[]) =>
  (column: string): ((cells: readonly string[]) => string) => {
    const place = columns.indexOf(column);
    if (place < 0) throw new RangeError(`InfluxDB gave no column ${column}`);
    return (cells) => cells[place] ?? "";
  };

/** The server understood us, and will not. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Takes an answer piece by piece, as it comes in. */
export interface Reading<T> {
  take(piece: string): void;
  /** All of it, once nothing comes any more. */
  end(): T[];
}

/**
 * An answer of InfluxQL. CSV, since the JSON of all versions passes 64-bit integers through a float. An answer that failed
 * is CSV too, of one column called `error`; so is the end of one that failed on its way. A server that sends its answer in
 * parts may begin each with the columns anew.
 */
export function reading<T>(reader: Reader<T>): Reading<T> {
  const found: T[] = [];
  let header: readonly string[] | undefined;
  let read: ReturnType<Reader<T>> = () => undefined;
  let rest = "";

  const line = (text: string): void => {
    if (text === "") return;
    const cells = cellsOf(text);
    if (header === undefined) {
      header = cells;
      read = reader(cells);
    } else if (isRefusal(header)) {
      throw new Refused(`InfluxDB refuses the question: ${cells[0]}`);
    } else if (cells.length < header.length) {
      header = cells;
    } else if (cells[0] !== header[0]) {
      const made = read(cells);
      if (made !== undefined) found.push(made);
    }
  };

  return {
    take(piece) {
      const text = rest + piece;
      let start = 0;
      let quote = text.indexOf('"');
      for (;;) {
        let end = text.indexOf("\n", start);
        while (quote >= 0 && end >= 0 && quote < end) {
          const closing = text.indexOf('"', quote + 1);
          // A line ends outside of quotes only.
          if (closing < 0 || closing > end) end = closing < 0 ? -1 : text.indexOf("\n", closing);
          quote = closing < 0 ? -1 : text.indexOf('"', closing + 1);
        }
        if (end < 0) break;
        line(text.slice(start, text[end - 1] === "\r" ? end - 1 : end));
        start = end + 1;
      }
      rest = text.slice(start);
    },
    end() {
      line(rest);
      return found;
    },
  };
}

const isRefusal = (header: readonly string[]): boolean => header.length === 1 && header[0] === "error";

export function rowsOf(csv: string): Row[] {
  const answer = reading(asRow);
  answer.take(csv);
  return answer.end();
}

function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let start = 0;
  while (start <= line.length) {
    if (line[start] === '"') {
      const end = endOfQuoted(line, start);
      cells.push(line.slice(start + 1, end).replaceAll('""', '"'));
      start = end + 2;
    } else {
      const comma = line.indexOf(",", start);
      const end = comma < 0 ? line.length : comma;
      cells.push(line.slice(start, end));
      start = end + 1;
    }
  }
  return cells;
}

function endOfQuoted(line: string, start: number): number {
  let end = line.indexOf('"', start + 1);
  while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
  return end < 0 ? line.length : end;
}

export function text(row: Row, column: string): string {
  const cell = row[column];
  if (cell === undefined) throw new TypeError(`InfluxDB gave no column ${column}`);
  return cell;
}

export const whole = (row: Row, column: string): bigint => BigInt(text(row, column));

export const integer = (row: Row, column: string): number => Number(text(row, column));
