export { accountDigest, decodeAccount, encodeAccount } from "./account.ts";
export { BATCH_BYTES_MAX, columnsDecoder, decodeBatch, decodeInColumns } from "./batch.ts";
export { decodePriceBook, encodePriceBook, priceBookDigest } from "./book.ts";
export { budgetDigest, decodeBudget, encodeBudget } from "./budget.ts";
export { canonical, sha256 } from "./canonical.ts";
export { creditDigest, decodeCredit, encodeCredit } from "./credit.ts";
export { encodeBatch } from "./encode.ts";
export { WireError, type WireProblem } from "./error.ts";
export {
  decodeInvoice,
  decodeIssued,
  documentHash,
  encodeInvoice,
  encodeIssued,
  encodeSealing,
  type UnsealedInvoice,
} from "./invoice.ts";
export {
  type InvoiceView,
  type IssuedInvoiceView,
  type LineView,
  viewInvoice,
  viewIssued,
  viewLine,
} from "./invoice-view.ts";
export { type Packet, packets } from "./packet.ts";
export { placementsDigest } from "./placement.ts";
export { type BookProblem, PriceBookError, parsePriceBook, readPriceBook } from "./price-book.ts";
export { type BookDifference, priceBookDifferences } from "./price-book-differences.ts";
export { priceBookSchema } from "./price-book-schema.ts";
export { type LintedBook, lintPriceBook, type Remark } from "./price-lint.ts";
export { flatUnit, priceUnit } from "./price-unit.ts";
export { deltaOf, identitiesOf, type Reading, sampleOf } from "./sample.ts";
export { decodeUsages, encodeUsages, usageDigest } from "./usage.ts";
export { offsetOf, type Place, readYaml } from "./yaml.ts";
