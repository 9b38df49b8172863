import { expect, it, vi } from "vitest";
import { german, ofLines } from "../fixtures/accounts.ts";
import { sheetIn } from "../fixtures/read-back.ts";
import { whole } from "../writer.ts";
import { linesXlsx } from "./lines.ts";
import { workbook } from "./workbook.ts";

it("is the same workbook to the byte on another day", () => {
  const first = whole(linesXlsx(), [german()]);
  vi.useFakeTimers({ now: new Date("2031-05-05T05:05:05Z"), toFake: ["Date"] });

  try {
    expect(whole(linesXlsx(), [german()]).equals(first)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

it("is the same table however many documents are added at a time", () => {
  const documents = [german(), ofLines(3), ofLines(40)];
  const writer = linesXlsx();
  for (const each of documents) writer.add([each]);

  expect(sheetIn(Buffer.from(writer.end()))).toEqual(sheetIn(whole(linesXlsx(), documents)));
});

it("holds any name as the text that it is, and figures as their digits", () => {
  const book = workbook("lines", ["name", "amount"]);
  const names = ["=HYPERLINK(1)", '<a> & "b"', "_x0041_ C_x", " two  spaces ", "日本", "bell \u0007"];
  book.add(
    names.map((text) => [
      { text, isFigure: false },
      { text: "-0.10", isFigure: true },
    ]),
  );

  const [, ...rows] = sheetIn(book.end());

  expect(rows.map(([name]) => name)).toEqual([...names.slice(0, -1), "bell "]);
  expect(rows.map(([, amount]) => amount)).toEqual(names.map(() => "-0.10"));
});
