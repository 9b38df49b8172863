import { formatMinor, type Party, type TaxGroup } from "@raingauge/domain";
import { allDigits } from "../digits.ts";
import type { Days, EInvoice, ELine } from "../en16931/e-invoice.ts";
import { paymentMeans } from "../en16931/payment.ts";
import { CORE, PEPPOL_PROCESS } from "../en16931/profile.ts";
import { DECLARATION, leaf, tree, type Xml } from "../xml.ts";

/** An invoice or a credit note as UN/CEFACT Cross Industry Invoice D16B. The same document always gives the same bytes. */
export const cii = (invoice: EInvoice): string =>
  `${DECLARATION}${tree(
    "rsm:CrossIndustryInvoice",
    [
      tree("rsm:ExchangedDocumentContext", [
        tree("ram:BusinessProcessSpecifiedDocumentContextParameter", [leaf("ram:ID", PEPPOL_PROCESS)]),
        tree("ram:GuidelineSpecifiedDocumentContextParameter", [leaf("ram:ID", CORE)]),
      ]),
      tree("rsm:ExchangedDocument", [
        leaf("ram:ID", invoice.number),
        leaf("ram:TypeCode", invoice.type),
        tree("ram:IssueDateTime", [date(invoice.issued)]),
        ...invoice.notes.map((note) => tree("ram:IncludedNote", [leaf("ram:Content", note)])),
      ]),
      tree("rsm:SupplyChainTradeTransaction", [
        ...invoice.lines.map((each) => line(each, invoice.currency)),
        agreement(invoice),
        delivery(invoice),
        settlement(invoice),
      ]),
    ],
    {
      "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
      "xmlns:ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
      "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
      "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    },
  )}`;

const date = (day: string | undefined): Xml => leaf("udt:DateTimeString", day?.replaceAll("-", ""), { format: "102" });

const days = ({ first, last }: Days): Xml =>
  tree("ram:BillingSpecifiedPeriod", [tree("ram:StartDateTime", [date(first)]), tree("ram:EndDateTime", [date(last)])]);

const line = (each: ELine, currency: string): Xml =>
  tree("ram:IncludedSupplyChainTradeLineItem", [
    tree("ram:AssociatedDocumentLineDocument", [leaf("ram:LineID", each.id)]),
    tree("ram:SpecifiedTradeProduct", [
      leaf("ram:SellerAssignedID", each.article),
      leaf("ram:Name", each.name),
      leaf("ram:Description", each.description),
      ...each.attributes.map(({ name, value }) =>
        tree("ram:ApplicableProductCharacteristic", [leaf("ram:Description", name), leaf("ram:Value", value)]),
      ),
    ]),
    tree("ram:SpecifiedLineTradeAgreement", [
      tree("ram:NetPriceProductTradePrice", [
        leaf("ram:ChargeAmount", allDigits(each.price)),
        leaf("ram:BasisQuantity", allDigits(each.base), { unitCode: each.unit }),
      ]),
    ]),
    tree("ram:SpecifiedLineTradeDelivery", [
      leaf("ram:BilledQuantity", allDigits(each.quantity), { unitCode: each.unit }),
    ]),
    tree("ram:SpecifiedLineTradeSettlement", [
      each.tax === undefined ? "" : lineTax(each.tax),
      days(each.period),
      each.allowance === undefined
        ? ""
        : tree("ram:SpecifiedTradeAllowanceCharge", [
            tree("ram:ChargeIndicator", [leaf("udt:Indicator", "false")]),
            leaf("ram:ActualAmount", formatMinor(each.allowance.amount, currency)),
            leaf("ram:ReasonCode", each.allowance.code),
            leaf("ram:Reason", each.allowance.reason),
          ]),
      tree("ram:SpecifiedTradeSettlementLineMonetarySummation", [
        leaf("ram:LineTotalAmount", formatMinor(each.net, currency)),
      ]),
    ]),
  ]);

const lineTax = ({ category, rate }: Pick<TaxGroup, "category" | "rate">): Xml =>
  tree("ram:ApplicableTradeTax", [
    leaf("ram:TypeCode", "VAT"),
    leaf("ram:CategoryCode", category),
    category === "O" ? "" : leaf("ram:RateApplicablePercent", allDigits(rate)),
  ]);

const agreement = (invoice: EInvoice): Xml =>
  tree("ram:ApplicableHeaderTradeAgreement", [
    leaf("ram:BuyerReference", invoice.buyerReference),
    party("ram:SellerTradeParty", invoice.seller),
    party("ram:BuyerTradeParty", invoice.buyer),
    tree("ram:BuyerOrderReferencedDocument", [leaf("ram:IssuerAssignedID", invoice.purchaseOrder)]),
  ]);

function party(name: string, who: Party | undefined): Xml {
  if (who === undefined) return "";
  const { address, endpoint, registration, contact } = who;
  const [one, two, three] = address.lines;
  return tree(name, [
    leaf("ram:Name", who.name),
    tree("ram:SpecifiedLegalOrganization", [
      leaf("ram:ID", registration?.id, registration?.scheme === undefined ? {} : { schemeID: registration.scheme }),
    ]),
    tree("ram:DefinedTradeContact", [
      leaf("ram:PersonName", contact?.name),
      tree("ram:TelephoneUniversalCommunication", [leaf("ram:CompleteNumber", contact?.phone)]),
      tree("ram:EmailURIUniversalCommunication", [leaf("ram:URIID", contact?.email)]),
    ]),
    tree("ram:PostalTradeAddress", [
      leaf("ram:PostcodeCode", address.postcode),
      leaf("ram:LineOne", one),
      leaf("ram:LineTwo", two),
      leaf("ram:LineThree", three),
      leaf("ram:CityName", address.city),
      leaf("ram:CountryID", address.country),
      leaf("ram:CountrySubDivisionName", address.region),
    ]),
    tree("ram:URIUniversalCommunication", [
      leaf("ram:URIID", endpoint?.id, endpoint?.scheme === undefined ? {} : { schemeID: endpoint.scheme }),
    ]),
    tree("ram:SpecifiedTaxRegistration", [leaf("ram:ID", who.vatId, { schemeID: "VA" })]),
    name === "ram:SellerTradeParty"
      ? tree("ram:SpecifiedTaxRegistration", [leaf("ram:ID", who.taxNumber, { schemeID: "FC" })])
      : "",
  ]);
}

/** The element must be there, even with nothing in it; an intra-community supply says where it went. */
function delivery({ taxes, buyer }: EInvoice): Xml {
  const isIntraCommunity = taxes.some(({ category }) => category === "K");
  const to = isIntraCommunity
    ? tree("ram:ShipToTradeParty", [tree("ram:PostalTradeAddress", [leaf("ram:CountryID", buyer?.address.country)])])
    : "";
  return to === "" ? "<ram:ApplicableHeaderTradeDelivery/>\n" : tree("ram:ApplicableHeaderTradeDelivery", [to]);
}

function settlement(invoice: EInvoice): Xml {
  const { code, bank } = paymentMeans(invoice);
  return tree("ram:ApplicableHeaderTradeSettlement", [
    leaf("ram:PaymentReference", invoice.number),
    leaf("ram:TaxCurrencyCode", invoice.taxIn?.currency),
    leaf("ram:InvoiceCurrencyCode", invoice.currency),
    tree("ram:SpecifiedTradeSettlementPaymentMeans", [
      leaf("ram:TypeCode", code),
      tree("ram:PayeePartyCreditorFinancialAccount", [
        leaf("ram:IBANID", bank?.iban),
        leaf("ram:AccountName", bank?.holder),
      ]),
      tree("ram:PayeeSpecifiedCreditorFinancialInstitution", [leaf("ram:BICID", bank?.bic)]),
    ]),
    ...invoice.taxes.map((group) => headerTax(group, invoice.currency)),
    days(invoice.period),
    tree("ram:SpecifiedTradePaymentTerms", [
      leaf("ram:Description", invoice.paymentTerms),
      tree("ram:DueDateDateTime", [date(invoice.due)]),
    ]),
    summation(invoice),
    tree("ram:InvoiceReferencedDocument", [leaf("ram:IssuerAssignedID", invoice.preceding)]),
    tree("ram:ReceivableSpecifiedTradeAccountingAccount", [leaf("ram:ID", invoice.costCentre)]),
  ]);
}

const headerTax = ({ category, rate, reason, net, tax }: TaxGroup, currency: string): Xml =>
  tree("ram:ApplicableTradeTax", [
    leaf("ram:CalculatedAmount", formatMinor(tax, currency)),
    leaf("ram:TypeCode", "VAT"),
    leaf("ram:ExemptionReason", reason?.text),
    leaf("ram:BasisAmount", formatMinor(net, currency)),
    leaf("ram:CategoryCode", category),
    leaf("ram:ExemptionReasonCode", reason?.code),
    category === "O" ? "" : leaf("ram:RateApplicablePercent", allDigits(rate)),
  ]);

const summation = ({ totals, currency, taxIn }: EInvoice): Xml =>
  tree("ram:SpecifiedTradeSettlementHeaderMonetarySummation", [
    leaf("ram:LineTotalAmount", formatMinor(totals.lines, currency)),
    leaf("ram:TaxBasisTotalAmount", formatMinor(totals.net, currency)),
    leaf("ram:TaxTotalAmount", formatMinor(totals.tax, currency), { currencyID: currency }),
    taxIn === undefined
      ? ""
      : leaf("ram:TaxTotalAmount", formatMinor(taxIn.tax, taxIn.currency), { currencyID: taxIn.currency }),
    leaf("ram:GrandTotalAmount", formatMinor(totals.gross, currency)),
    totals.prepaid === undefined ? "" : leaf("ram:TotalPrepaidAmount", formatMinor(totals.prepaid, currency)),
    leaf("ram:DuePayableAmount", formatMinor(totals.payable, currency)),
  ]);
