import { minorDigits } from "@raingauge/domain";
import { COUNTRIES, isCurrency } from "./codes.ts";
import { type EInvoiceRule, isBlank, rule, total } from "./rule.ts";

/** Of the document as a whole: that it names what it must, and that its totals add up. */
export const DOCUMENT_RULES: readonly EInvoiceRule[] = [
  rule("BR-02", "an invoice has a number", ({ number }) => isBlank(number)),
  rule("BR-03", "an invoice has a day of issue", ({ issued }) => !DAY.test(issued)),
  rule("BR-05", "an invoice has a currency", ({ currency }) => isBlank(currency)),
  rule("BR-CL-04", "the currency is one of ISO 4217", ({ currency }) => !isCurrency(currency)),
  rule("BR-DEC-12", "the total net amount has at most two decimals", ({ currency }) => minorDigits(currency) > 2),
  rule("BR-DEC-13", "the total tax has at most two decimals", ({ currency }) => minorDigits(currency) > 2),
  rule("BR-DEC-18", "the amount due has at most two decimals", ({ currency }) => minorDigits(currency) > 2),
  rule("BR-DEC-23", "a line's net amount has at most two decimals", ({ currency }) => minorDigits(currency) > 2),
  rule("BR-16", "an invoice has at least one line", ({ lines }) => lines.length === 0),
  rule("BR-29", "the period does not end before it begins", ({ period }) => period.last < period.first),
  rule(
    "BR-57",
    "the address that an intra-community supply went to has a country",
    ({ taxes, buyer }) => taxes.some(({ category }) => category === "K") && isBlank(buyer?.address.country),
  ),
  rule(
    "BR-CO-10",
    "the sum of the lines is what the lines add up to",
    ({ lines, totals }) => totals.lines !== total(lines.map(({ net }) => net)),
  ),
  rule("BR-CO-13", "the total net amount is the sum of the lines", ({ totals }) => totals.net !== totals.lines),
  rule(
    "BR-CO-14",
    "the total tax is what the tax groups add up to",
    ({ taxes, totals }) => totals.tax !== total(taxes.map(({ tax }) => tax)),
  ),
  rule("BR-CO-15", "the gross amount is net and tax", ({ totals }) => totals.gross !== totals.net + totals.tax),
  rule(
    "BR-CO-16",
    "what is payable is the gross amount less what was prepaid",
    ({ totals }) => totals.payable !== totals.gross - (totals.prepaid ?? 0n),
  ),
  rule("BR-CO-18", "an invoice has at least one tax group", ({ taxes }) => taxes.length === 0),
  rule(
    "BR-CO-25",
    "where something is to be paid, the day or the terms of payment are named",
    ({ totals, due, paymentTerms }) => totals.payable > 0n && isBlank(due) && isBlank(paymentTerms),
  ),
  rule(
    "BR-55",
    "an invoice that is corrected is named",
    ({ preceding }) => preceding !== undefined && isBlank(preceding),
  ),
  rule(
    "PEPPOL-EN16931-R003",
    "a buyer's reference or a purchase order is named",
    ({ buyerReference, purchaseOrder }) => isBlank(buyerReference) && isBlank(purchaseOrder),
  ),
  rule(
    "PEPPOL-EN16931-P0100",
    "an invoice is of type 380, a credit note 381",
    ({ type }) => !["380", "381"].includes(type),
  ),
  rule("PEPPOL-EN16931-F001", "days are written YYYY-MM-DD", ({ issued, due, period }) =>
    [issued, due, period.first, period.last].some((day) => day !== undefined && !DAY.test(day)),
  ),
];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Of seller and buyer: that they can be found, taxed and reached. */
export const PARTY_RULES: readonly EInvoiceRule[] = [
  rule("BR-06", "the seller is named", ({ seller }) => isBlank(seller?.name)),
  rule("BR-07", "the buyer is named", ({ buyer }) => isBlank(buyer?.name)),
  rule("BR-08", "the seller has an address", ({ seller }) => seller === undefined),
  rule("BR-09", "the seller's address has a country", ({ seller }) => isBlank(seller?.address.country)),
  rule("BR-10", "the buyer has an address", ({ buyer }) => buyer === undefined),
  rule("BR-11", "the buyer's address has a country", ({ buyer }) => isBlank(buyer?.address.country)),
  rule("BR-CL-14", "a country is one of ISO 3166-1", ({ seller, buyer }) =>
    [seller, buyer].some((party) => party !== undefined && !COUNTRIES.has(party.address.country)),
  ),
  rule(
    "BR-CO-26",
    "the seller has a registration, a VAT identifier or an identifier",
    ({ seller }) => isBlank(seller?.registration?.id) && isBlank(seller?.vatId),
  ),
  rule("BR-CO-09", "a VAT identifier begins with its country", ({ seller, buyer }) =>
    [seller?.vatId, buyer?.vatId].some(
      (id) => id !== undefined && !(COUNTRIES.has(id.slice(0, 2)) || id.startsWith("EL")),
    ),
  ),
  rule(
    "BR-50",
    "a transfer names the account that it goes to",
    ({ seller }) => seller?.bank !== undefined && isBlank(seller.bank.iban),
  ),
  rule(
    "BR-62",
    "the seller's electronic address has a scheme",
    ({ seller }) => seller?.endpoint !== undefined && isBlank(seller.endpoint.scheme),
  ),
  rule(
    "BR-63",
    "the buyer's electronic address has a scheme",
    ({ buyer }) => buyer?.endpoint !== undefined && isBlank(buyer.endpoint.scheme),
  ),
];
