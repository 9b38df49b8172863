export { invoiceListPage } from "./invoice-list-page.ts";
export { invoicePage } from "./invoice-page.ts";
export { type LineReasons, reasonsPage } from "./reasons-page.ts";
export { type CheckedInvoice, verificationPage } from "./verification-page.ts";
export { arithmetic, duration, price, pricesInWords, units } from "./words.ts";
