import type { SheetLine } from "../sheet.ts";
import { capHeight, widths } from "./glyphs.ts";

/** The table's columns, in millimetres: position, item, quantity, price, amount. They fill the page between its margins. */
export const COLUMNS_MM = [8, 58, 32, 46, 30] as const;

export type Row = Pick<SheetLine, "position" | "item" | "details" | "quantity" | "unit" | "prices" | "amount">;

/**
 * How high a row is, in points: a table whose rows need not be tried out first is set in half the time. 0 where some text of
 * it may not fit on one line: that row is left to the typesetter, which measures what it breaks.
 */
export function rowHeights([regular, bold]: readonly [Buffer, Buffer]): (row: Row) => number {
  const plain = { widthOf: widths(regular), capital: capHeight(regular) / 1_000 };
  const strong = { widthOf: widths(bold), capital: capHeight(bold) / 1_000 };
  const lineOf = (text: string, size: number, face = plain): Line => ({
    width: ((face.widthOf(text) ?? Number.POSITIVE_INFINITY) * size) / 1_000,
    height: face.capital * size,
    isEmpty: text === "" || text.includes("\n"),
  });
  const cellsOf = ({ position, item, details, quantity, unit, prices, amount }: Row): readonly (readonly Line[])[] => [
    [lineOf(String(position), TEXT)],
    [lineOf(item, TEXT, strong), ...details.map((text) => lineOf(text, SMALL))],
    [lineOf(quantity, TEXT), lineOf(unit, SMALL)],
    prices.map((text) => lineOf(text, TEXT)),
    [lineOf(amount, TEXT)],
  ];
  return (row) => {
    const cells = cellsOf(row);
    const fits = cells.every((lines, column) =>
      lines.every(({ width, isEmpty }) => !isEmpty && width < widthIn(COLUMNS_MM[column] ?? 0)),
    );
    return fits ? Math.max(...cells.map(heightOf)) + 2 * INSET : 0;
  };
}

interface Line {
  readonly width: number;
  readonly height: number;
  readonly isEmpty: boolean;
}

/** As the template has them, in points: the text, the softer text below it, what is between two lines, and around a cell. */
const TEXT = 9.5;
const SMALL = 8.5;
const LEADING = TEXT / 2;
const INSET = 4;

const POINTS_PER_MM = 72 / 25.4;
/** Kerning may widen a text by a little. */
const KERNING = 1.02;

const widthIn = (mm: number): number => (mm * POINTS_PER_MM - 2 * INSET) / KERNING;

const heightOf = (lines: readonly Line[]): number =>
  lines.reduce((total, { height }) => total + height, 0) + LEADING * Math.max(0, lines.length - 1);
