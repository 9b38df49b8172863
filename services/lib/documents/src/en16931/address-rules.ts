import type { Identifier } from "@raingauge/domain";
import { ADDRESS_SCHEMES } from "./codes.ts";
import type { EInvoice } from "./e-invoice.ts";
import { type EInvoiceRule, isBlank, rule } from "./rule.ts";

const identifiers = ({ seller, buyer }: EInvoice): Identifier[] =>
  [seller?.endpoint, buyer?.endpoint, seller?.registration, buyer?.registration].filter((id) => id !== undefined);

const wrong =
  (scheme: string, isRight: (id: string) => boolean) =>
  (invoice: EInvoice): boolean =>
    identifiers(invoice).some((each) => each.scheme === scheme && !isRight(each.id));

/** Of electronic addresses: a network cannot deliver to a mistyped one. */
export const ADDRESS_RULES: readonly EInvoiceRule[] = [
  rule("PEPPOL-EN16931-R010", "the buyer has an electronic address", ({ buyer }) => isBlank(buyer?.endpoint?.id)),
  rule("PEPPOL-EN16931-R020", "the seller has an electronic address", ({ seller }) => isBlank(seller?.endpoint?.id)),
  rule("BR-CL-25", "an electronic address has a scheme of the EAS list", ({ seller, buyer }) =>
    [seller, buyer].some(
      (party) => party?.endpoint?.scheme !== undefined && !ADDRESS_SCHEMES.has(party.endpoint.scheme),
    ),
  ),
  rule("PEPPOL-COMMON-R040", "a GLN has 13 digits and a right check digit", wrong("0088", isGln)),
  rule("PEPPOL-COMMON-R041", "a Norwegian organisation number has a right check digit", wrong("0192", isNorwegian)),
  rule(
    "PEPPOL-COMMON-R042",
    "a Danish CVR number is DK and eight digits",
    wrong("0184", (id) => /^(DK)?\d{8}$/.test(id)),
  ),
  rule("PEPPOL-COMMON-R043", "a Belgian enterprise number has a right check number", wrong("0208", isBelgian)),
];

/** Weights 3 and 1 from the right, as every article and location number is checked. */
function isGln(id: string): boolean {
  if (!/^\d{13}$/.test(id)) return false;
  const sum = [...id.slice(0, 12)].reduce((all, digit, index) => all + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10 === Number(id[12]);
}

const NORWEGIAN_WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

function isNorwegian(id: string): boolean {
  if (!/^\d{9}$/.test(id)) return false;
  const sum = NORWEGIAN_WEIGHTS.reduce((all, weight, index) => all + weight * Number(id[index]), 0);
  return (11 - (sum % 11)) % 11 === Number(id[8]);
}

function isBelgian(id: string): boolean {
  return /^[01]\d{9}$/.test(id) && 97 - (Number(id.slice(0, 8)) % 97) === Number(id.slice(8));
}
