import {
  type AgreedTerms,
  canonicalName,
  meterNamed,
  type Price,
  type PriceUnit,
  rational,
  ZERO,
} from "@raingauge/domain";
import { z } from "zod";
import { priceModel } from "./field.ts";
import { allowance, allowanceTerms, decimal, discount, discountTerms, least, leastTerms, text } from "./price-terms.ts";
import { flatUnit, priceUnit } from "./price-unit.ts";
import type { Place } from "./yaml.ts";

/** Something wrong, and where in the document. */
export interface Fault {
  readonly place: Place;
  readonly says: string;
}

/** One price of a file: as far as it can be understood, and what is wrong with it by itself. */
export interface ReadPrice {
  readonly price: Price;
  readonly faults: readonly Fault[];
}

/** What is broken in an entry is told and replaced by something harmless, so that the rest of it is judged all the same. */
export function readPrice(entry: unknown): ReadPrice {
  const strict = PriceEntry.safeParse(entry, { error: sentence });
  const fields = strict.data ?? LenientEntry.parse(entry);
  const { amount, tiers, per, model, discount: off, least: fewest, allowance: free, ...rest } = fields;
  const unit = unitOf(fields);
  return {
    price: {
      ...rest,
      // Whatever it is called in the file: usage is found by the one name under which it is stored.
      meter: canonicalName(fields.meter),
      per: typeof unit === "string" ? ANY_UNIT : unit,
      ...(model === undefined || model === "graduated" ? {} : { model }),
      ...allowanceTerms(free),
      ...(fewest === undefined ? {} : { least: leastTerms(fewest) }),
      ...discountTerms(off),
      tiers: tiers ?? [{ amount: amount ?? ZERO }],
    },
    faults: [
      ...faultsOf(strict.error),
      ...(typeof unit === "string" ? [{ place: ["per"], says: unit }] : []),
      ...(strict.success && (amount === undefined) === (tiers === undefined)
        ? [{ place: [], says: "it needs either an amount or tiers" }]
        : []),
    ],
  };
}

const ANY_UNIT: PriceUnit = { label: "", quantity: 1n };

/** An unknown meter is told of elsewhere, and has no units. */
function unitOf({
  per,
  meter: name,
  model,
}: {
  readonly per: string;
  readonly meter: string;
  readonly model?: string;
}): PriceUnit | string {
  if (model === "flat" && per !== "") return flatUnit(per);
  const meter = meterNamed(name);
  return meter === undefined || per === "" ? ANY_UNIT : priceUnit(per, meter);
}

/** Harmless where what was written could not be read. */
export const ONE = rational(1n);
const UNREACHED = rational(10n ** 12n);

const SAID = {
  sku: "The article number, unique in its book.",
  description: "What the invoice calls it.",
  meter: "What is measured: `instance`, `volume.size`, `network.outgoing.bytes`, …; docs/meters.md has them all.",
  where:
    "Which of it: a dimension to a value, to a pattern in which `*` stands for any run of characters, or to a list of these. `region` is a dimension of every meter.",
  per: "What one unit is: `instance hour`, `GiB month`, `instance 15 minutes`, `100 GB`; of a flat fee a time alone, `month`.",
  scope:
    "Whose usage is counted together in tiers: each resource by itself, a project's, or that of all projects of an account, which then share the cost in proportion to use.",
  model:
    "graduated: each tier holds its part. volume: the whole at the amount of the tier that it reaches. package: every started unit counts as a whole one. flat: for being there, whatever the size.",
  allowance:
    "So many units are free for each project in each billing period; `{ units: 100, scope: account }` for all projects of an account together.",
  least: "What each use of a resource costs at least: `{ time: 60 seconds, amount: 0.01 }`; needs `scope: resource`.",
  cap: "The most that each resource costs in a billing period; needs `scope: resource`.",
  discount:
    "Off what a project pays under this price, as a line of its own: `10 %`, or `{ amount: 5.00 }` once in each billing period.",
  amount: "What one unit costs, in the book's currency; at most 12 decimal places.",
  tiers: "From the bottom; `upTo` is inclusive, in units of the price, and the last tier has none.",
} as const;

/** What was agreed otherwise of a price. */
export const AgreedEntry = z
  .strictObject({
    allowance: z.exactOptional(decimal),
    least: z.exactOptional(least),
    cap: z.exactOptional(decimal),
    discount: z.exactOptional(discount),
    amount: z.exactOptional(decimal),
    tiers: z.exactOptional(z.array(z.strictObject({ upTo: z.exactOptional(decimal), amount: decimal }))),
  })
  .transform(
    ({ amount, tiers, least: fewest, discount: off, ...rest }): AgreedTerms => ({
      ...rest,
      ...(fewest === undefined ? {} : { least: leastTerms(fewest) }),
      ...discountTerms(off),
      ...(tiers === undefined && amount === undefined ? {} : { tiers: tiers ?? [{ amount: amount ?? ZERO }] }),
    }),
  );

const where = z.record(z.string(), z.union([text, z.array(text).min(1).readonly()]));
const scope = z.enum(["resource", "project", "account"]).default("project");
const model = z.exactOptional(z.enum(["graduated", ...priceModel.options]));
const tierEntries = z.array(z.strictObject({ upTo: z.exactOptional(decimal), amount: decimal }));

export const PriceEntry = z.strictObject({
  sku: text.describe(SAID.sku),
  description: text.describe(SAID.description),
  meter: text.describe(SAID.meter),
  where: where.default({}).describe(SAID.where),
  per: text.describe(SAID.per),
  scope: scope.describe(SAID.scope),
  model: model.describe(SAID.model),
  allowance: z.exactOptional(allowance).describe(SAID.allowance),
  least: z.exactOptional(least).describe(SAID.least),
  cap: z.exactOptional(decimal).describe(SAID.cap),
  discount: z.exactOptional(discount).describe(SAID.discount),
  amount: z.exactOptional(decimal).describe(SAID.amount),
  tiers: z.exactOptional(tierEntries).describe(SAID.tiers),
});

const LenientEntry = z
  .object({
    sku: text.catch("?"),
    description: text.catch(""),
    meter: text.catch(""),
    where: where.catch({}),
    per: text.catch(""),
    scope: scope.catch("project"),
    model: model.catch("graduated"),
    allowance: z.exactOptional(allowance.catch(ONE)),
    least: z.exactOptional(least.catch({ amount: ONE })),
    cap: z.exactOptional(decimal.catch(UNREACHED)),
    discount: z.exactOptional(discount.catch(ONE)),
    amount: z.exactOptional(decimal.catch(ZERO)),
    tiers: z.exactOptional(tierEntries.catch([{ amount: ZERO }])),
  })
  .catch({ sku: "?", description: "", meter: "", where: {}, per: "", scope: "project" });

/** One fault for each key that is unknown, for each thing else that is wrong. */
export const faultsOf = (error: z.ZodError | undefined): Fault[] => told(error?.issues ?? []);

function told(issues: readonly z.core.$ZodIssue[], within: Place = []): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const place = [...within, ...issue.path.filter((step) => typeof step !== "symbol")];
    if (issue.code === "invalid_union") return told(meant(issue.errors), place);
    if (issue.code !== "unrecognized_keys") return [{ place, says: issue.message }];
    return issue.keys.map((key) => ({ place: [...place, key], says: "there is no such entry here" }));
  });
}

/** Of what can be written in two ways, the complaint about the one that was tried: a text is no failed table. */
const meant = (ways: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] =>
  ways.find((issues) => !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0)) ??
  ways[0] ??
  [];

/** What is wrong, as one would say it to the person who wrote the file. */
export function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined || issue.input === "") return "it is missing";
  if (issue.code === "invalid_value") return `it must be ${issue.values.join(" or ")}`;
  if (issue.code === "invalid_type") return `it must be ${EXPECTED[issue.expected] ?? issue.expected}`;
  return undefined;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text or a number",
  array: "a list",
  object: "a table of entries",
  record: "a table of entries",
};
