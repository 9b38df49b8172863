import { type PriceBook, priceHoles, priceWarnings } from "@raingauge/domain";
import { type BookProblem, readPriceBook } from "./price-book.ts";

/** Something that a linter has to say of a price book's file, and where. */
export interface Remark extends BookProblem {
  /** An error keeps the book from being published; a warning surprises whoever pays, or holds their invoices. */
  readonly severity: "error" | "warning";
}

/** A book as it is written, with all that can be said of it before anybody looks at usage. */
export interface LintedBook {
  /** Absent where it cannot be published. */
  readonly book: PriceBook | undefined;
  readonly remarks: readonly Remark[];
}

export function lintPriceBook(yamlText: string): LintedBook {
  const { book, problems, at } = readPriceBook(yamlText);
  const errors = problems.map((problem) => ({ ...problem, severity: "error" as const }));
  if (book === undefined) return { book, remarks: errors };
  const warnings = [...priceWarnings(book), ...priceHoles(book)].map(({ path, says }) => at(path, says));
  const remarks = warnings.map((problem) => ({ ...problem, severity: "warning" as const }));
  return { book, remarks: remarks.toSorted((a, b) => a.line - b.line) };
}
