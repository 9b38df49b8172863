import {
  instant,
  type Minimum,
  type Override,
  type Price,
  type PriceBook,
  type PriceModel,
  parseDecimal,
  priceProblems,
  type Rational,
  type Tier,
} from "@raingauge/domain";
import { flatUnit, priceUnit } from "@raingauge/wire";
import { bad, readDuration } from "./clock.ts";
import { meterOf } from "./cloud.ts";

/**
 * Reads one price: `instance flavor=m1.small  0.02 per instance hour`, or in tiers
 * `network.outgoing.bytes  0 up to 100, 0.05 up to 1000, 0.02 per GB each`, where `each` counts every machine by itself.
 * What else the price says follows behind semicolons: `…; volume`.
 */
export function readPrice(line: string): Price {
  const [told = "", ...terms] = line.split("; ");
  const said: Partial<Price> = Object.assign({}, ...terms.map(readTerm));
  return { ...plainPrice(told, said.model), ...said };
}

const readTerm = (term: string): Partial<Price> => {
  if (isModel(term)) return { model: term };
  const percent = readDiscount(term);
  if (percent !== undefined) return { discountPercent: percent };
  const [, time, amount] = /^least (\S+) (\S+)$/.exec(term) ?? [];
  if (time !== undefined && amount !== undefined)
    return { least: { timeMs: BigInt(readDuration(time)), amount: parseDecimal(amount) } };
  const [, keyword, number = ""] = /^(allowance|cap) (\S+)$/.exec(term) ?? bad(term);
  return { [keyword as "allowance" | "cap"]: parseDecimal(number) };
};

const isModel = (term: string): term is PriceModel => term === "volume" || term === "package" || term === "flat";

function plainPrice(line: string, model?: PriceModel): Price {
  const [, sku = "", tiers = "", unit = "", each] =
    /^(\S+(?: \S+=\S+)*)\s+(\S.*?) per (.+?)( each)?$/.exec(line) ?? bad(line);
  const [name = "", ...conditions] = sku.split(" ");
  const per = model === "flat" ? flatUnit(unit) : priceUnit(unit, meterOf(name, line));
  if (typeof per === "string") return bad(`${line}: ${per}`);
  return {
    sku,
    description: sku,
    meter: name,
    where: Object.fromEntries(conditions.map((condition) => condition.split("="))),
    per,
    scope: each === undefined ? "project" : "resource",
    tiers: tiers.split(", ").map((tier) => readTier(tier, line)),
  };
}

function readTier(text: string, line: string): Tier {
  const [, amount = "", upTo] = /^(\S+)(?: up to (\S+))?$/.exec(text) ?? bad(line);
  return { amount: parseDecimal(amount), ...(upTo === undefined ? {} : { upTo: parseDecimal(upTo) }) };
}

/** `discount 10 %`, of a price or of the whole book. */
export function readDiscount(term: string): Rational | undefined {
  const digits = /^discount (\S+) %$/.exec(term)?.[1];
  return digits === undefined ? undefined : parseDecimal(digits);
}

/** `minimum 100.00 since 2026-01-15T00:00:00Z` */
export function readMinimum(line: string): Minimum {
  const [, amount = "", since] = /^minimum (\S+)(?: since (\S+))?$/.exec(line) ?? bad(line);
  return { amount: parseDecimal(amount), ...(since === undefined ? {} : { since: instant(since) }) };
}

/** `agreed acme instance flavor=m1.small  0.015 per instance hour`, with a project; or `agreed acme discount 10 %`, `minimum 5.00`. */
export function readAgreed(line: string): Override {
  const [, project = "", told = ""] = /^agreed (\S+) (.+)$/.exec(line) ?? bad(line);
  const percent = readDiscount(told);
  if (percent !== undefined) return { project, discountPercent: percent, prices: {} };
  if (told.startsWith("minimum ")) return { project, minimum: readMinimum(told), prices: {} };
  const { sku, tiers, allowance, least, cap, discountPercent } = readPrice(told);
  const terms = { allowance, least, cap, discountPercent };
  const said = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
  return { project, prices: { [sku]: { tiers, ...said } } };
}

export function sound(book: PriceBook): PriceBook {
  const problems = priceProblems(book);
  return problems.length === 0 ? book : bad(problems.map(({ says }) => says).join("; "));
}
