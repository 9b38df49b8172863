import type { InvoiceLine } from "@raingauge/domain";

/** What else decided a line's amount besides quantity times price, a phrase each: what a reader would stumble over. */
export const applied = ({ model }: Pick<InvoiceLine, "model">): string[] =>
  model === undefined ? [] : [MODELS[model]];

const MODELS: Readonly<Record<NonNullable<InvoiceLine["model"]>, string>> = {
  volume: "the whole quantity at the price of the tier that it reaches",
  package: "each started unit counts as a whole one",
  flat: "for the time that it was there, whatever its size",
};
