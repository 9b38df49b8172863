import { compare, ZERO } from "@raingauge/domain";
import { allDigits } from "../digits.ts";
import { UNITS } from "./codes.ts";
import type { EInvoice, ELine } from "./e-invoice.ts";
import { isAstray } from "./line-amount.ts";
import { type EInvoiceRule, isBlank, rule } from "./rule.ts";

const some =
  (isBroken: (line: ELine, invoice: EInvoice) => boolean) =>
  (invoice: EInvoice): boolean =>
    invoice.lines.some((line) => isBroken(line, invoice));

/** Of each line. */
export const LINE_RULES: readonly EInvoiceRule[] = [
  rule(
    "BR-21",
    "a line has an identifier",
    some(({ id }) => isBlank(id)),
  ),
  rule(
    "BR-22",
    "a line's quantity can be written in decimals",
    some(({ quantity }) => allDigits(quantity) === undefined),
  ),
  rule(
    "BR-23",
    "a line's quantity has a unit",
    some(({ unit }) => isBlank(unit)),
  ),
  rule(
    "BR-CL-23",
    "a unit is one of recommendation 20",
    some(({ unit }) => !UNITS.has(unit)),
  ),
  rule(
    "BR-25",
    "a line names what was supplied",
    some(({ name }) => isBlank(name)),
  ),
  rule(
    "BR-26",
    "a line's price can be written in decimals",
    some(({ price }) => allDigits(price) === undefined),
  ),
  rule(
    "BR-27",
    "a line's price is not negative",
    some(({ price }) => compare(price, ZERO) < 0),
  ),
  rule(
    "BR-30",
    "a line's period does not end before it begins",
    some(({ period }) => period.last < period.first),
  ),
  rule(
    "BR-42",
    "an allowance says why",
    some(({ allowance }) => allowance !== undefined && isBlank(allowance.reason)),
  ),
  rule(
    "BR-54",
    "an attribute has a name and a value",
    some(({ attributes }) => attributes.some(({ name, value }) => isBlank(name) || isBlank(value))),
  ),
  rule(
    "BR-CO-04",
    "a line has a tax category",
    some(({ tax }) => tax === undefined),
  ),
  rule(
    "PEPPOL-EN16931-R110",
    "a line's period does not begin before the invoice's",
    some(({ period }, invoice) => period.first < invoice.period.first),
  ),
  rule(
    "PEPPOL-EN16931-R111",
    "a line's period does not end after the invoice's",
    some(({ period }, invoice) => period.last > invoice.period.last),
  ),
  rule(
    "PEPPOL-EN16931-R120",
    "a line's amount is quantity times price less its allowance, to two cents",
    some((line, { currency }) => isAstray(line, currency)),
  ),
  rule(
    "PEPPOL-EN16931-R121",
    "the quantity that a price is for is above zero",
    some(({ base }) => compare(base, ZERO) <= 0),
  ),
];
