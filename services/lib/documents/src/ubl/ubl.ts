import { formatMinor, type Party, type TaxGroup } from "@raingauge/domain";
import { allDigits } from "../digits.ts";
import type { Days, EInvoice, ELine } from "../en16931/e-invoice.ts";
import { paymentMeans } from "../en16931/payment.ts";
import { PEPPOL_BILLING, PEPPOL_PROCESS } from "../en16931/profile.ts";
import { DECLARATION, leaf, tree, type Xml } from "../xml.ts";

/** An invoice or a credit note as UBL 2.1 in the profile of Peppol BIS Billing 3.0. The same document always gives the same bytes. */
export function ubl(invoice: EInvoice): string {
  const root = invoice.type === "381" ? "CreditNote" : "Invoice";
  const body = [
    leaf("cbc:CustomizationID", PEPPOL_BILLING),
    leaf("cbc:ProfileID", PEPPOL_PROCESS),
    leaf("cbc:ID", invoice.number),
    leaf("cbc:IssueDate", invoice.issued),
    root === "Invoice" ? leaf("cbc:DueDate", invoice.due) : "",
    leaf(`cbc:${root}TypeCode`, invoice.type),
    leaf("cbc:Note", invoice.notes.join(" ")),
    leaf("cbc:DocumentCurrencyCode", invoice.currency),
    leaf("cbc:TaxCurrencyCode", invoice.taxIn?.currency),
    leaf("cbc:AccountingCost", invoice.costCentre),
    leaf("cbc:BuyerReference", invoice.buyerReference),
    days(invoice.period),
    tree("cac:OrderReference", [leaf("cbc:ID", invoice.purchaseOrder)]),
    tree("cac:BillingReference", [tree("cac:InvoiceDocumentReference", [leaf("cbc:ID", invoice.preceding)])]),
    tree("cac:AccountingSupplierParty", [party(invoice.seller, { isSeller: true })]),
    tree("cac:AccountingCustomerParty", [party(invoice.buyer, { isSeller: false })]),
    delivery(invoice),
    payment(invoice),
    tree("cac:PaymentTerms", [leaf("cbc:Note", invoice.paymentTerms)]),
    taxTotal(invoice),
    convertedTax(invoice),
    totals(invoice),
    ...invoice.lines.map((each) => line(each, invoice, root)),
  ];
  return `${DECLARATION}${tree(root, body, {
    xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
    "xmlns:cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "xmlns:cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
  })}`;
}

const days = ({ first, last }: Days): Xml =>
  tree("cac:InvoicePeriod", [leaf("cbc:StartDate", first), leaf("cbc:EndDate", last)]);

const scheme = (id: string | undefined): Readonly<Record<string, string>> => (id === undefined ? {} : { schemeID: id });

function party(who: Party | undefined, { isSeller }: { readonly isSeller: boolean }): Xml {
  if (who === undefined) return "";
  const { name, address, endpoint, registration, contact } = who;
  const [street, additional, third] = address.lines;
  return tree("cac:Party", [
    leaf("cbc:EndpointID", endpoint?.id, scheme(endpoint?.scheme)),
    tree("cac:PartyName", [leaf("cbc:Name", name)]),
    tree("cac:PostalAddress", [
      leaf("cbc:StreetName", street),
      leaf("cbc:AdditionalStreetName", additional),
      leaf("cbc:CityName", address.city),
      leaf("cbc:PostalZone", address.postcode),
      leaf("cbc:CountrySubentity", address.region),
      tree("cac:AddressLine", [leaf("cbc:Line", third)]),
      tree("cac:Country", [leaf("cbc:IdentificationCode", address.country)]),
    ]),
    taxScheme(who.vatId, "VAT"),
    isSeller ? taxScheme(who.taxNumber, "TAX") : "",
    tree("cac:PartyLegalEntity", [
      leaf("cbc:RegistrationName", name),
      leaf("cbc:CompanyID", registration?.id, scheme(registration?.scheme)),
    ]),
    tree("cac:Contact", [
      leaf("cbc:Name", contact?.name),
      leaf("cbc:Telephone", contact?.phone),
      leaf("cbc:ElectronicMail", contact?.email),
    ]),
  ]);
}

const taxScheme = (id: string | undefined, kind: "VAT" | "TAX"): Xml =>
  id === undefined
    ? ""
    : tree("cac:PartyTaxScheme", [leaf("cbc:CompanyID", id), tree("cac:TaxScheme", [leaf("cbc:ID", kind)])]);

/** An intra-community supply must say where it went: a service goes to where the buyer is. */
const delivery = ({ taxes, buyer }: EInvoice): Xml =>
  taxes.some(({ category }) => category === "K")
    ? tree("cac:Delivery", [
        tree("cac:DeliveryLocation", [
          tree("cac:Address", [tree("cac:Country", [leaf("cbc:IdentificationCode", buyer?.address.country)])]),
        ]),
      ])
    : "";

function payment(invoice: EInvoice): Xml {
  const means = paymentMeans(invoice);
  const { bank } = means;
  return tree("cac:PaymentMeans", [
    leaf("cbc:PaymentMeansCode", means.code),
    leaf("cbc:PaymentID", invoice.number),
    bank === undefined
      ? ""
      : tree("cac:PayeeFinancialAccount", [
          leaf("cbc:ID", bank.iban),
          leaf("cbc:Name", bank.holder),
          tree("cac:FinancialInstitutionBranch", [leaf("cbc:ID", bank.bic)]),
        ]),
  ]);
}

const amount = (name: string, minor: bigint, { currency }: EInvoice): Xml =>
  leaf(name, formatMinor(minor, currency), { currencyID: currency });

/** The whole tax in another currency has no parts. */
const convertedTax = ({ taxIn }: EInvoice): Xml =>
  taxIn === undefined
    ? ""
    : tree("cac:TaxTotal", [
        leaf("cbc:TaxAmount", formatMinor(taxIn.tax, taxIn.currency), { currencyID: taxIn.currency }),
      ]);

const taxTotal = (invoice: EInvoice): Xml =>
  tree("cac:TaxTotal", [
    amount("cbc:TaxAmount", invoice.totals.tax, invoice),
    ...invoice.taxes.map((group) =>
      tree("cac:TaxSubtotal", [
        amount("cbc:TaxableAmount", group.net, invoice),
        amount("cbc:TaxAmount", group.tax, invoice),
        category("cac:TaxCategory", group),
      ]),
    ),
  ]);

const category = (
  name: string,
  { category: code, rate, reason }: Pick<TaxGroup, "category" | "rate" | "reason">,
): Xml =>
  tree(name, [
    leaf("cbc:ID", code),
    code === "O" ? "" : leaf("cbc:Percent", allDigits(rate)),
    leaf("cbc:TaxExemptionReasonCode", reason?.code),
    leaf("cbc:TaxExemptionReason", reason?.text),
    tree("cac:TaxScheme", [leaf("cbc:ID", "VAT")]),
  ]);

const totals = (invoice: EInvoice): Xml =>
  tree("cac:LegalMonetaryTotal", [
    amount("cbc:LineExtensionAmount", invoice.totals.lines, invoice),
    amount("cbc:TaxExclusiveAmount", invoice.totals.net, invoice),
    amount("cbc:TaxInclusiveAmount", invoice.totals.gross, invoice),
    invoice.totals.prepaid === undefined ? "" : amount("cbc:PrepaidAmount", invoice.totals.prepaid, invoice),
    amount("cbc:PayableAmount", invoice.totals.payable, invoice),
  ]);

const line = (each: ELine, invoice: EInvoice, root: "Invoice" | "CreditNote"): Xml =>
  tree(`cac:${root}Line`, [
    leaf("cbc:ID", each.id),
    leaf(`cbc:${root === "Invoice" ? "Invoiced" : "Credited"}Quantity`, allDigits(each.quantity), {
      unitCode: each.unit,
    }),
    amount("cbc:LineExtensionAmount", each.net, invoice),
    days(each.period),
    each.allowance === undefined
      ? ""
      : tree("cac:AllowanceCharge", [
          leaf("cbc:ChargeIndicator", "false"),
          leaf("cbc:AllowanceChargeReasonCode", each.allowance.code),
          leaf("cbc:AllowanceChargeReason", each.allowance.reason),
          amount("cbc:Amount", each.allowance.amount, invoice),
        ]),
    tree("cac:Item", [
      leaf("cbc:Description", each.description),
      leaf("cbc:Name", each.name),
      tree("cac:SellersItemIdentification", [leaf("cbc:ID", each.article)]),
      each.tax === undefined ? "" : category("cac:ClassifiedTaxCategory", each.tax),
      ...each.attributes.map(({ name, value }) =>
        tree("cac:AdditionalItemProperty", [leaf("cbc:Name", name), leaf("cbc:Value", value)]),
      ),
    ]),
    tree("cac:Price", [
      leaf("cbc:PriceAmount", allDigits(each.price), { currencyID: invoice.currency }),
      leaf("cbc:BaseQuantity", allDigits(each.base), { unitCode: each.unit }),
    ]),
  ]);
