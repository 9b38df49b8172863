import { billed, type InvoiceTerms, ownAccount, type Period, type PriceBook } from "@raingauge/domain";

/** What one project is billed by that belongs to no account. */
export const termsOf = (project: string, period: Period, book: PriceBook, zone = "UTC"): InvoiceTerms => ({
  account: billed(ownAccount(project, { zone, currency: book.currency, book: book.name })),
  projects: [{ id: project, period }],
  period,
  zone,
  tzVersion: "2026a",
  book,
  rounding: "half-up",
});
