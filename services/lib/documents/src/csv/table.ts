/** Rows as RFC 4180 has them: CRLF, quotes only where they are needed. */
export const csvText = (rows: readonly (readonly (string | undefined)[])[], delimiter = ","): string =>
  rows.map((row) => `${row.map((cell) => quoted(cell ?? "", delimiter)).join(delimiter)}\r\n`).join("");

const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/**
 * A text that a spreadsheet must not take for a formula: tenants name their machines, and `=HYPERLINK(…)` is a name. Figures
 * are not texts and stay as they are.
 */
export const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
