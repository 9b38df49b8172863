import { type InvoiceLine, type Rational, rational, sum, times } from "@raingauge/domain";

/** What of a line says how its amount came about besides quantity times price. */
export type AppliedRules = Pick<InvoiceLine, "unit" | "freeUnits" | "model" | "share" | "region" | "tiers">;

/** Each in a phrase, in the order in which they were applied: what a reader would stumble over. */
export const applied = (
  { unit, freeUnits, model, share, region, tiers }: AppliedRules,
  units: (value: Rational) => string,
): string[] => [
  ...(freeUnits === undefined ? [] : [`${units(freeUnits)} ${unit} free under the allowance`]),
  ...(model === undefined
    ? []
    : [`${model === "package" ? `${units(sum(tiers.map((tier) => tier.units)))} started, ` : ""}${MODELS[model]}`]),
  ...(share === undefined
    ? []
    : [
        `${units(times(share, rational(100n)))} % of what ${region === undefined ? "the account used together" : "was used together"}`,
      ]),
];

const MODELS: Readonly<Record<NonNullable<InvoiceLine["model"]>, string>> = {
  volume: "the whole quantity at the price of the tier that it reaches",
  package: "each of which counts as a whole one",
  flat: "for the time that it was there, whatever its size",
};
