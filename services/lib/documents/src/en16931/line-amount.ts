import { type Currency, compare, fromMinor, minus, type Rational, rational, times, ZERO } from "@raingauge/domain";
import type { ELine } from "./e-invoice.ts";

/** So far a line's amount may be from what its quantity and price come to. */
const SLACK = rational(2n, 100n);

export function isAstray({ quantity, price, base, allowance, net }: ELine, currency: Currency): boolean {
  if (compare(base, ZERO) <= 0) return false;
  const gross = times(times(quantity, price), rational(base.denominator, base.numerator));
  const expected = minus(gross, fromMinor(allowance?.amount ?? 0n, currency));
  return compare(size(minus(expected, fromMinor(net, currency))), SLACK) > 0;
}

const size = (value: Rational): Rational => (compare(value, ZERO) < 0 ? minus(ZERO, value) : value);
