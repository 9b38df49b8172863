import type { FocusColumn, FocusRow, FocusTable } from "./columns.ts";

/** Rows by column; a null is nothing at all between two commas. */
export const focusRows = ({ columns, rows }: FocusTable): (string | undefined)[][] =>
  rows.map((row) => columns.map(({ name }) => row[name]));

/** An object for a row; figures stay text, because JSON's readers would make floats of them. */
export const focusObject = (columns: readonly FocusColumn[], row: FocusRow): string =>
  JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])));
