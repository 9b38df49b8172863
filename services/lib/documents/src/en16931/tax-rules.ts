import { compare, type TaxCategory, type TaxGroup, taxOn, ZERO } from "@raingauge/domain";
import { CATEGORIES, isReasonCode, REASON_OF, RULES_OF } from "./codes.ts";
import type { EInvoice } from "./e-invoice.ts";
import { type EInvoiceRule, isBlank, magnitude, rule, total } from "./rule.ts";

/** Of the tax groups, and of each category what is its own. */
export const taxRules = (): EInvoiceRule[] => [
  rule("BR-CL-17", "a tax group's category is one of UNCL 5305", ({ taxes }) =>
    taxes.some(({ category }) => !CATEGORIES.has(category)),
  ),
  rule("BR-CL-22", "a reason's code is one of the VATEX list", ({ taxes }) =>
    taxes.some(({ reason }) => reason?.code !== undefined && !isReasonCode(reason.code)),
  ),
  rule("BR-CO-17", "a group's tax is its net times its rate, to the cent", ({ taxes, currency }) =>
    taxes.some((group) => !isTaxRight(group, currency)),
  ),
  ...Object.entries(REASON_OF).map(([code, { category, rule: name }]) =>
    rule(name, `the reason ${code} belongs to category ${category}`, ({ taxes }) =>
      taxes.some((group) => group.reason?.code === code && group.category !== category),
    ),
  ),
  ...(Object.keys(RULES_OF) as TaxCategory[]).flatMap(categoryRules),
];

/** To the cent and no more, where the official rules let an error of nearly one whole unit pass. */
const isTaxRight = ({ net, rate, tax }: TaxGroup, currency: string): boolean =>
  [taxOn(net, rate, currency, "half-up"), taxOn(net, rate, currency, "half-even")].includes(tax);

function categoryRules(category: TaxCategory): EInvoiceRule[] {
  const name = (number: string): string => `BR-${RULES_OF[category]}-${number}`;
  const within =
    (isBroken: (mine: TaxGroup[], invoice: EInvoice) => boolean) =>
    (invoice: EInvoice): boolean => {
      const mine = invoice.taxes.filter((group) => group.category === category);
      const isUsed = mine.length > 0 || invoice.lines.some(({ tax }) => tax?.category === category);
      return isUsed && isBroken(mine, invoice);
    };
  return [
    rule(
      name("01"),
      `lines of category ${category} have a tax group`,
      within((mine) => mine.length === 0),
    ),
    rule(
      name("02"),
      IDENTIFIERS[category].says,
      within((_, invoice) => !IDENTIFIERS[category].isKept(invoice)),
    ),
    rule(
      name("05"),
      isCharged(category)
        ? `a rate of category ${category} is ${LEAST[category]}`
        : `category ${category} has the rate 0`,
      within((_, { lines }) => lines.some(({ tax }) => tax?.category === category && !isRateRight(tax))),
    ),
    rule(
      name("08"),
      `a group of category ${category} is the sum of its lines`,
      within((mine, invoice) => mine.some((group) => group.net !== sumOf(group, invoice))),
    ),
    rule(
      name("09"),
      `a group of category ${category} has the tax of its rate`,
      within((mine, { currency }) =>
        mine.some((group) => !isTaxRight(group, currency) || (!isCharged(category) && magnitude(group.tax) > 0n)),
      ),
    ),
    rule(
      name("10"),
      isReasoned(category) ? `category ${category} says why no tax is charged` : `category ${category} has no reason`,
      within((mine) => mine.some((group) => isReasonAstray(group))),
    ),
    ...(category === "O"
      ? [
          rule(
            "BR-O-11",
            "what is not subject to tax stands alone",
            within((_, { taxes }) => taxes.length > 1),
          ),
        ]
      : []),
  ];
}

const isCharged = (category: TaxCategory): boolean => category === "S" || category === "L" || category === "M";
const isReasoned = (category: TaxCategory): boolean => !isCharged(category) && category !== "Z";

const LEAST: Readonly<Record<string, string>> = { S: "above 0", L: "0 or more", M: "0 or more" };

function isRateRight({ category, rate }: Pick<TaxGroup, "category" | "rate">): boolean {
  const sign = compare(rate, ZERO);
  if (category === "S") return sign > 0;
  return isCharged(category) ? sign >= 0 : sign === 0;
}

const isReasonAstray = ({ category, reason }: TaxGroup): boolean =>
  isReasoned(category) ? isBlank(reason?.code) && isBlank(reason?.text) : reason !== undefined;

const sumOf = ({ category, rate }: TaxGroup, { lines }: EInvoice): bigint =>
  total(lines.filter(({ tax }) => tax?.category === category && compare(tax.rate, rate) === 0).map(({ net }) => net));

interface Identification {
  readonly says: string;
  readonly isKept: (invoice: EInvoice) => boolean;
}

const sellerTaxed: Identification = {
  says: "the seller has a VAT identifier or a tax number",
  isKept: ({ seller }) => !isBlank(seller?.vatId) || !isBlank(seller?.taxNumber),
};

const IDENTIFIERS: Readonly<Record<TaxCategory, Identification>> = {
  S: sellerTaxed,
  Z: sellerTaxed,
  E: sellerTaxed,
  L: sellerTaxed,
  M: sellerTaxed,
  AE: {
    says: "reverse charge needs the seller's VAT identifier or tax number, and the buyer's VAT identifier or registration",
    isKept: (invoice) =>
      sellerTaxed.isKept(invoice) && (!isBlank(invoice.buyer?.vatId) || !isBlank(invoice.buyer?.registration?.id)),
  },
  K: {
    says: "an intra-community supply needs both VAT identifiers",
    isKept: ({ seller, buyer }) => !isBlank(seller?.vatId) && !isBlank(buyer?.vatId),
  },
  G: { says: "an export needs the seller's VAT identifier", isKept: ({ seller }) => !isBlank(seller?.vatId) },
  O: {
    says: "what is not subject to VAT names no VAT identifier",
    isKept: ({ seller, buyer }) => isBlank(seller?.vatId) && isBlank(buyer?.vatId),
  },
};
