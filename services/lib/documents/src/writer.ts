import type { IssuedInvoice } from "@raingauge/domain";
import { csvText } from "./csv/table.ts";

/** A file that is written a few documents at a time, so that a long one need not be held whole. */
export interface Writer<T = IssuedInvoice> {
  /** What of the file can be told by now; empty where all of it has to be known first. */
  add(documents: readonly T[]): string | Uint8Array;
  /** The rest. Nothing is added after it. */
  end(): string | Uint8Array;
}

/** These documents cannot be a file of this form; the sentence says what to do instead. */
export class ExportRefused extends Error {
  override readonly name = "ExportRefused";
}

/** All of a file at once. */
export const whole = <T>(writer: Writer<T>, documents: readonly T[]): Buffer =>
  Buffer.concat([bytesOf(writer.add(documents)), bytesOf(writer.end())]);

export const bytesOf = (piece: string | Uint8Array): Buffer =>
  typeof piece === "string"
    ? Buffer.from(piece, "utf8")
    : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);

/** A table under one row of headings, which is there even where nothing else is. */
export function table<T = IssuedInvoice>(
  columns: readonly string[],
  rows: (documents: readonly T[]) => readonly (readonly (string | undefined)[])[],
): Writer<T> & { readonly add: (documents: readonly T[]) => string; readonly end: () => string } {
  let heading = csvText([columns]);
  const once = (): string => {
    const said = heading;
    heading = "";
    return said;
  };
  return { add: (documents) => once() + csvText(rows(documents)), end: once };
}

/** Texts that follow one another, with something between them. */
export function listed<T = IssuedInvoice>(
  entries: (documents: readonly T[]) => readonly string[],
  { before = "", between, after = "" }: { readonly before?: string; readonly between: string; readonly after?: string },
): Writer<T> {
  let isBegun = false;
  return {
    add(documents) {
      const mine = entries(documents);
      if (mine.length === 0) return "";
      const said = (isBegun ? between : before) + mine.join(between);
      isBegun = true;
      return said;
    },
    end: () => (isBegun ? "" : before) + after,
  };
}

/** A text whose beginning depends on all of it. */
export function headed(
  body: (documents: readonly IssuedInvoice[]) => string,
  head: () => string,
  encoded: (text: string) => string | Uint8Array = String,
): Writer {
  const bodies: string[] = [];
  return {
    add(documents) {
      bodies.push(body(documents));
      return "";
    },
    end: () => encoded([head(), ...bodies].join("")),
  };
}
