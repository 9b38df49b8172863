export { type Clerk, clerk } from "./clerk/clerk.ts";
export { type CostSoFar, costsPage } from "./costs-page.ts";
export { eInvoiceOf, type Issuable } from "./en16931/of-issued.ts";
export { coreProblemsOf, type EInvoiceProblem, eInvoiceProblems } from "./en16931/problems.ts";
export type { FocusDataset, FocusEncoding } from "./focus/dataset.ts";
export { E_INVOICES, EXPORTS, exportOf, type Format, type Wanted } from "./formats.ts";
export type { Held, HeldCode, HeldFigures } from "./held/held.ts";
export { heldSentence } from "./held/sentence.ts";
export { invoiceListPage } from "./invoice-list-page.ts";
export { draftPage, invoicePage } from "./invoice-page.ts";
export {
  BOOKED,
  type BookedAs,
  type Chart,
  type ChartConditions,
  type Exception,
  FACTS,
  type LedgerAccount,
  SKR03,
} from "./journal/chart.ts";
export { type Language, languageOf } from "./language.ts";
export { type Press, press } from "./pdf/press.ts";
export { printer } from "./pdf/print.ts";
export { type LineReasons, reasonsPage } from "./reasons-page.ts";
export type { DraftInvoice } from "./sheet.ts";
export { signedOutPage } from "./signed-out-page.ts";
export { type CheckedInvoice, verificationPage } from "./verification-page.ts";
export type { Visitor } from "./visitor.ts";
export { arithmetic, duration, price, pricesInWords, units } from "./words.ts";
export { ExportRefused, whole } from "./writer.ts";
