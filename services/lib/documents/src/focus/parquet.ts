import { parquetWriteBuffer } from "hyparquet-writer";
import type { FocusColumn, FocusTable } from "./columns.ts";

/**
 * A table as Parquet. Decimals are text here too: the format's own decimals have one scale for a column, and the readers that
 * lack them would take floats, which cannot hold a price.
 */
export const focusParquet = ({ columns, rows }: FocusTable): Buffer =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: columns.map((column) => ({
        name: column.name,
        data: rows.map((row) => value(row[column.name], column)),
        type: TYPES[column.type],
        nullable: column.nullable,
      })),
      createdBy: "raingauge",
    }),
  );

const TYPES = { string: "STRING", decimal: "STRING", json: "STRING", datetime: "TIMESTAMP" } as const;

const value = (text: string | undefined, { type }: FocusColumn): string | Date | null => {
  if (text === undefined) return null;
  return type === "datetime" ? new Date(text) : text;
};
