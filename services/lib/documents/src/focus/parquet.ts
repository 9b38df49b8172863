import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { FocusColumn, FocusRow } from "./columns.ts";

/** A table as Parquet, written by groups of rows. */
export interface Parquet {
  add(rows: readonly FocusRow[]): void;
  end(): Uint8Array;
}

/**
 * Decimals are text here too: the format's own decimals have one scale for a column, and the readers that lack them would take
 * floats, which cannot hold a price.
 */
export function parquet(columns: readonly FocusColumn[]): Parquet {
  const data = (rows: readonly FocusRow[]) =>
    columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => value(row[column.name], column)),
      type: TYPES[column.type],
      nullable: column.nullable,
    }));
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: data([]) }),
    createdBy: "raingauge",
  });
  let waiting: FocusRow[] = [];
  const flush = (): void => {
    const group = waiting.slice(0, GROUP_ROWS);
    waiting = waiting.slice(GROUP_ROWS);
    // Nothing is waited for where all of it goes into a memory.
    void file.write({ columnData: data(group), rowGroupSize: group.length });
  };
  return {
    add(rows) {
      waiting = waiting.concat(rows);
      while (waiting.length >= GROUP_ROWS) flush();
    },
    end() {
      if (waiting.length > 0) flush();
      void file.finish();
      return writer.getBytes();
    },
  };
}

/** So many rows are read at a time: enough to be packed well, too few to fill a memory. */
const GROUP_ROWS = 10_000;

const TYPES = { string: "STRING", decimal: "STRING", json: "STRING", datetime: "TIMESTAMP" } as const;

const value = (text: string | undefined, { type }: FocusColumn): string | Date | null => {
  if (text === undefined) return null;
  return type === "datetime" ? new Date(text) : text;
};
