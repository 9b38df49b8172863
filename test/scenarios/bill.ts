import {
  type Coverage,
  decimal,
  formatMinor,
  HOUR_MS,
  type InvoiceLine,
  invoice,
  lengthMs,
  METERS,
  measure,
  type Period,
  type PriceBook,
  rate,
  rational,
  type Sample,
  times,
  type Usage,
  watch,
} from "@raingauge/domain";
import { termsOf } from "../generators/terms.ts";
import { showDuration, showTime } from "./clock.ts";

/** Everything that was told by the time a bill is made. */
export interface Told {
  readonly samples: readonly Sample[];
  readonly coverage: readonly Coverage[];
  readonly book: PriceBook;
  readonly day: string;
}

/** A project's bill for a period, as an accountant would read it: a line, and below it the resources that it is made of. */
export function billOf(project: string, period: Period, { samples, coverage, book, day }: Told): string[] {
  const usages = METERS.flatMap((meter) => {
    const mine = samples.filter((sample) => sample.meter === meter.name);
    return measure(meter, mine, period, watch(coverage, "RegionOne", meter.resourceType));
  }).filter((usage) => usage.project === project);
  const { charges, unpriced, free } = rate(usages, book, monthOf(period));
  const bill = invoice({ charges }, termsOf(project, period, book));
  return [
    ...bill.lines.flatMap((line, index) => [
      `  ${line.sku}  ${amountOf(line)} = ${formatMinor(line.amount, bill.currency)}`,
      ...(charges[index]?.usages ?? []).map((usage) => `    ${portion(usage, line)}${evidence(usage, day)}`),
    ]),
    ...unpriced.map((usage) => `  unpriced  ${named(usage)}${evidence(usage, day)}`),
    ...free.filter(weighs).map((usage) => `  free  ${named(usage)}${evidence(usage, day)}`),
    `  total  ${formatMinor(bill.total, bill.currency)} ${bill.currency}`,
  ];
}

/** A price per month means the billed period, if it is a month; else January, as if the period were in it. */
const monthOf = (period: Period): bigint =>
  BigInt(lengthMs(period) > 27 * 24 * HOUR_MS ? lengthMs(period) : 31 * 24 * HOUR_MS);

/** `2 instance hour at 0.02`, or tier by tier `150 GB: 100 at 0 + 50 at 0.05`. */
function amountOf({ units, unit, freeUnits, tiers, raised, capped, model, kind }: InvoiceLine): string {
  const [only, ...more] = tiers;
  if (kind !== undefined) return `${kind} ${kind === "discount" ? "on " : ""}${decimal(units, 6)} ${unit}`;
  const each = tiers.map((tier) => `${decimal(tier.units, 6)} at ${decimal(tier.amount, 12)}`).join(" + ");
  const amounts = only !== undefined && more.length === 0 ? ` at ${decimal(only.amount, 12)}` : `: ${each}`;
  const free = freeUnits === undefined ? [] : [`${decimal(freeUnits, 6)} free`];
  const up = raised === undefined ? [] : [`${decimal(raised, 6)} up to the least charge`];
  const over = capped === undefined ? [] : [`${decimal(capped, 6)} above the cap`];
  return [
    `${decimal(units, 6)} ${unit}${amounts}`,
    ...free,
    ...(model === undefined ? [] : [model]),
    ...up,
    ...over,
  ].join("; ");
}

/** A usage's share of its line, in the units of the price. */
function portion({ resource, quantity, evidence }: Usage, line: InvoiceLine): string {
  const share =
    line.model === "flat" ? rational(alive(evidence), alive(line.evidence)) : rational(quantity, line.quantity);
  return `${resource}  ${decimal(times(line.units, share), 6)}`;
}

const alive = ({ observedMs, inferredMs }: Usage["evidence"]): bigint => BigInt(observedMs + inferredMs);

const weighs = ({ quantity, evidence: { afterEnd } }: Usage): boolean => quantity > 0n || afterEnd > 0;

const named = ({ resource, meter, dimensions }: Usage): string =>
  [resource, meter, ...Object.entries(dimensions).map(([dimension, value]) => `${dimension}=${value}`)].join(" ");

function evidence({ evidence: { observedMs, inferredMs, afterEnd, counterDropped, end } }: Usage, day: string): string {
  return [
    observedMs > 0 ? `seen ${showDuration(observedMs)}` : "",
    inferredMs > 0 ? `inferred ${showDuration(inferredMs)}` : "",
    end === undefined ? "" : `${end.kind === "final" ? "ended" : "last known"} ${showTime(end.at, day)}`,
    afterEnd > 0 ? `after its end ${afterEnd}` : "",
    counterDropped > 0 ? `dropped ${counterDropped}` : "",
  ]
    .filter((part) => part !== "")
    .map((part) => `  ${part}`)
    .join("");
}
