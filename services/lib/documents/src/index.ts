export { invoiceListPage } from "./invoice-list-page.ts";
export { invoicePage } from "./invoice-page.ts";
export { arithmetic, duration, price, pricesInWords, units } from "./words.ts";
