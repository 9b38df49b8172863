import type { SheetLine } from "../sheet.ts";
import { capHeight, widths } from "./glyphs.ts";

const POINTS_PER_MM = 72 / 25.4;

/** Above and below the text of a cell, and around it, in points. */
export const INSET = 4;

export interface Column {
  readonly width: number;
  /** What its text stays away from the columns beside it. */
  readonly left: number;
  readonly right: number;
}

/**
 * The table's columns, in points: position, item, quantity, price, amount. They fill the page between its margins. What is kept
 * free on a side is reckoned and not set: a cell within insets is set three times as one within another, which costs a tenth.
 */
export const COLUMNS: readonly Column[] = [
  { width: 8 * POINTS_PER_MM + INSET, left: 0, right: INSET },
  { width: 58 * POINTS_PER_MM - INSET, left: 0, right: INSET },
  { width: 32 * POINTS_PER_MM - INSET, left: INSET, right: 0 },
  { width: 46 * POINTS_PER_MM, left: 2 * INSET, right: 0 },
  { width: 30 * POINTS_PER_MM + INSET, left: 2 * INSET, right: 0 },
];

export type Row = Pick<SheetLine, "position" | "item" | "details" | "quantity" | "unit" | "prices" | "amount">;

export interface Heights {
  readonly ofRow: (row: Row) => number;
  readonly ofHeads: (texts: readonly string[]) => number;
}

/**
 * How high a row is, in points: a table whose rows need not be tried out first is set in half the time. 0 where some text of
 * it may not fit on one line: that row is left to the typesetter, which measures what it breaks.
 */
export function rowHeights([regular, bold]: readonly [Buffer, Buffer]): Heights {
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
  return {
    ofRow: (row) => reckoned(cellsOf(row)),
    ofHeads: (texts) => reckoned(texts.map((text) => [lineOf(text, TEXT, strong)])),
  };
}

function reckoned(cells: readonly (readonly Line[])[]): number {
  const fits = cells.every((lines, column) =>
    lines.every(({ width, isEmpty }) => !isEmpty && width < widthIn(COLUMNS[column])),
  );
  return fits ? Math.max(...cells.map(heightOf)) + 2 * INSET : 0;
}

interface Line {
  readonly width: number;
  readonly height: number;
  readonly isEmpty: boolean;
}

/** As the template has them, in points: the text, the softer text below it, and what is between two lines. */
const TEXT = 9.5;
const SMALL = 8.5;
const LEADING = TEXT / 2;

const widthIn = (column: Column | undefined): number =>
  column === undefined ? 0 : column.width - column.left - column.right;

const heightOf = (lines: readonly Line[]): number =>
  lines.reduce((total, { height }) => total + height, 0) + LEADING * Math.max(0, lines.length - 1);
