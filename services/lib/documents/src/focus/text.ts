import { csvText } from "../csv/table.ts";
import type { FocusTable } from "./columns.ts";

/** A null is nothing at all between two commas. */
export const focusCsv = ({ columns, rows }: FocusTable): string =>
  csvText([columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ name }) => row[name]))]);

/** One object a row; figures stay text, because JSON's readers would make floats of them. */
export const focusJson = ({ columns, rows }: FocusTable): string =>
  JSON.stringify(rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]))));
