import { type Instant, narrowed, type Period, type Scope } from "@raingauge/domain";
import { type Matcher, matching, NAME, type Source, type SourceSeries, type Span, type Sums } from "@raingauge/promql";
import { growth } from "../cost-groups.ts";
import { type Growing, type Growth, metersByResource } from "../growing.ts";
import { columns } from "./columns.ts";
import { equalTo, projectsAsked } from "./readings.ts";
import { serviceOf } from "./service.ts";
import { shownUsage } from "./shown.ts";
import { STANDING_COSTS, type StandingCostParts } from "./standing-costs.ts";
import { floatOf, totalsUntil } from "./until.ts";
import { isLong, summedWindows, type Windows, windowsOf } from "./windows.ts";

export type CostParts = StandingCostParts;

/** What is asked of one name. */
interface Wanted {
  readonly span: Span;
  readonly scope: Scope;
  readonly sums: Sums | undefined;
  readonly matchers: readonly Matcher[];
}

const SERIES = {
  raingauge_cost: costs,
  raingauge_usage: usages,
  ...Object.fromEntries(
    Object.entries(STANDING_COSTS).map(([name, make]) => [
      name,
      (parts: CostParts, { span, scope }: Wanted) => make(parts, span, scope),
    ]),
  ),
} as const satisfies Readonly<Record<string, (parts: CostParts, wanted: Wanted) => Promise<SourceSeries[]>>>;

/**
 * What usage costs, as series. A window is an hour, or a day where more than eight are asked for, and its sample stands at its end;
 * where windows are only summed, one sample stands for all between two edges, and where these sums are added up in turn, one series
 * for all that are. It costs what the month came to at its end less what it had come to at its beginning, so that windows add up
 * to the month, however tiers fill; only windows that are over are told of. A month that was closed has come to what was frozen then.
 */
export function costSource(parts: CostParts, scope: Scope): Source {
  const select: Source["select"] = async (matchers, span, sums) => {
    const names = matching(matchers.filter(({ label }) => label === NAME));
    const wanted = Object.entries(SERIES).filter(([name]) => names(new Map([[NAME, name]])));
    // A pattern that any name matches asks for what there is; computing a month's bill for that would surprise everybody.
    if (wanted.length === 0 || !matchers.some(({ label, op }) => label === NAME && op === "=")) return [];
    const own = narrowed(scope, projectsAsked(matchers));
    const found = await Promise.all(wanted.map(([, make]) => make(parts, { span, scope: own, sums, matchers })));
    const matches = matching(matchers);
    return found.flat().filter(({ labels }) => matches(labels.labels));
  };
  return {
    select,
    // Which there are is told by one sum over all of the span.
    series: async (matchers, span) => {
      const whole = { rangeMs: span.end - span.start, ends: [span.end] };
      return (await select(matchers, span, whole)).map(({ labels }) => labels);
    },
  };
}

async function costs(parts: CostParts, wanted: Wanted): Promise<SourceSeries[]> {
  const told = columns();
  const asks = asksOf(wanted);
  const terms = TERMS.filter((term) => asks(term) || (term === "meter" && asks("service")));
  await windowByWindow(parts, wanted, {}, async ({ store, month, windows }) => {
    const until = (end: Instant) => totalsUntil({ ...parts, store }, { month, end, scope: wanted.scope }, terms);
    let before = await until(windows[0]?.start ?? month.start);
    for (const window of windows) {
      const after = await until(window.end);
      for (const { by, currency, cost } of growth(before, after, window)) {
        const service = by["meter"] === undefined ? {} : { service: serviceOf(by["meter"]) };
        told.put({ [NAME]: "raingauge_cost", ...service, ...by, currency }, window.end, floatOf(cost));
      }
      before = after;
    }
  });
  return told.series();
}

const TERMS = ["project", "region", "meter", "resource", "sku"];

async function usages(parts: CostParts, wanted: Wanted): Promise<SourceSeries[]> {
  const told = columns();
  await windowByWindow(parts, wanted, { meters: equalTo(wanted.matchers, "meter") }, async ({ store, windows }) => {
    for (const window of windows)
      for (const usage of await store.partUntil(window.end, wanted.scope)) {
        const { project, region, meter, resource } = usage;
        const [value, unit] = shownUsage(usage);
        const labels = { [NAME]: "raingauge_usage", project, region, service: serviceOf(meter), meter, resource, unit };
        told.put(labels, window.end, value);
      }
  });
  return told.series();
}

/** Whether a label makes a difference: any does, but where series are added up those only by which they are, or are chosen. */
function asksOf({ sums, matchers }: Wanted): (label: string) => boolean {
  if (sums?.by === undefined) return () => true;
  const asked = new Set([...sums.by, ...matchers.map(({ label }) => label)]);
  return (label) => asked.has(label);
}

interface Looked extends Windows {
  readonly store: CostParts["store"] & Growing;
}

async function windowByWindow(
  parts: CostParts,
  wanted: Wanted,
  narrower: Pick<Growth, "meters">,
  tell: (looked: Looked) => Promise<void>,
): Promise<void> {
  const byResource = await metersByResource(parts.ledger, asksOf(wanted)("resource"));
  for (const { month, windows } of differences(parts, wanted)) {
    const store = parts.upTo({ month, ends: endsOf(month, windows), byResource, ...narrower });
    await tell({ month, windows, store });
  }
}

/** Where the first window begins something has come together already. */
const endsOf = (month: Period, windows: readonly Period[]): Instant[] =>
  [windows[0]?.start ?? month.start, ...windows.map(({ end }) => end)].filter((end) => end > month.start);

/** The windows of what is a difference, and so may be summed beforehand. */
function differences({ calendar, notes }: CostParts, { span, sums }: Wanted): Windows[] {
  const summed = sums === undefined ? undefined : summedWindows(sums, calendar);
  if (summed !== undefined) return summed;
  if (isLong(span)) notes.inform("windows are whole days here: more than eight days are looked at");
  return windowsOf(span, calendar);
}
