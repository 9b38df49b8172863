import { type Currency, minorDigits } from "@raingauge/domain";
import { Problem } from "./problems.ts";

/** An amount as it is written, in minor units: exactly, or not at all, for no currency has a smaller unit than its smallest. */
export function minorOf(digits: string, currency: Currency): bigint {
  const [whole = "", fraction = ""] = digits.split(".");
  const places = minorDigits(currency);
  if (fraction.length > places)
    throw new Problem("REQUEST_INVALID", "", [
      { where: "body.amount", says: `${currency} has ${places} decimal places` },
    ]);
  return BigInt(`${whole}${fraction.padEnd(places, "0")}`);
}
