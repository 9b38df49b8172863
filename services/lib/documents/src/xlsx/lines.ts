import { LINE_COLUMNS, lineRows } from "../csv/lines.ts";
import type { Writer } from "../writer.ts";
import { type Cell, workbook } from "./workbook.ts";

/** Documents line by line as a workbook. Names are text and never formulas, whatever they begin with. */
export function linesXlsx(): Writer {
  const book = workbook("lines", LINE_COLUMNS);
  return {
    add(documents) {
      book.add(lineRows(documents).map((row) => LINE_COLUMNS.map((column) => cell(column, row[column]))));
      return "";
    },
    end: () => book.end(),
  };
}

const FIGURES: ReadonlySet<string> = new Set(["amount", "quantity"]);

/** Spreadsheets make floats of figures, which hold fifteen digits as they are; a longer one is text, so that none is changed. */
const cell = (column: string, text: string): Cell => ({
  text,
  isFigure: FIGURES.has(column) && text !== "" && text.replace(/\D/g, "").length <= 15,
});
