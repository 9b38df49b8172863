import type { IssuedInvoice } from "@raingauge/domain";
import writeXlsxFile from "write-excel-file/node";
import { LINE_COLUMNS, lineRows } from "../csv/lines.ts";
import { undated } from "./undated.ts";

/** Documents line by line as a workbook. Names are text and never formulas, whatever they begin with. */
export const linesXlsx = async (documents: readonly IssuedInvoice[]): Promise<Buffer> =>
  undated(
    await writeXlsxFile(
      [
        LINE_COLUMNS.map((column) => ({ value: column, fontWeight: "bold" as const })),
        ...lineRows(documents).map((row) => LINE_COLUMNS.map((column) => cell(column, row[column]))),
      ],
      { sheet: "lines" },
    ).toBuffer(),
  );

const FIGURES: ReadonlySet<string> = new Set(["amount", "quantity"]);

/** A workbook keeps figures as floats, which hold fifteen digits as they are; a longer one stays text, so that none is changed. */
const cell = (
  column: string,
  text: string,
): { readonly value: string | number; readonly type: StringConstructor | NumberConstructor } =>
  FIGURES.has(column) && text.replace(/\D/g, "").length <= 15
    ? { value: Number(text), type: Number }
    : { value: text, type: String };
