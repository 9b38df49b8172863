import { at, HOUR_MS, isDial, narrowed, presenceMeters, type Scope } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { labelSet, type Matcher, matching, NAME, type Source, type SourceSeries, type Span } from "@raingauge/promql";
import type { Points } from "@raingauge/store";
import { BUDGET_SERIES, type BudgetParts } from "./budgets.ts";
import { DOCUMENT_SERIES, type DocumentParts } from "./documents.ts";
import { projectsAsked, type Readings } from "./readings.ts";

export interface StandingParts extends BudgetParts, DocumentParts {
  readonly store: BudgetParts["store"] & Readings;
  readonly ledger: BudgetParts["ledger"] & DocumentParts["ledger"] & Pick<Ledger, "books">;
  readonly lookbackMs: number;
}

/** What is there besides readings: resources counted, projects, price books, documents, budgets. Each must be named by equality. */
export function standingSource(parts: StandingParts, scope: Scope): Source {
  const select: Source["select"] = async (matchers, span) => {
    const make = SERIES[nameIn(matchers)];
    if (make === undefined) return [];
    const matches = matching(matchers);
    // A document or a budget of several projects is not found under one of them.
    const own = matters(matchers) ? narrowed(scope, projectsAsked(matchers)) : scope;
    const found = await make(parts, span, own);
    return found.filter(({ labels }) => matches(labels.labels));
  };
  return { select, series: async (matchers, span) => (await select(matchers, span)).map(({ labels }) => labels) };
}

type Make = (parts: StandingParts, span: Span, scope: Scope) => Promise<readonly SourceSeries[]>;

/** Whether what a selector names belongs to one project at a time. */
const matters = (matchers: readonly Matcher[]): boolean =>
  !(nameIn(matchers) in DOCUMENT_SERIES) && !(nameIn(matchers) in BUDGET_SERIES);

const nameIn = (matchers: readonly Matcher[]): string =>
  matchers.find(({ label, op }) => label === NAME && op === "=")?.value ?? "";

const SERIES: Readonly<Record<string, Make | undefined>> = {
  raingauge_resources: resources,
  raingauge_project_info: projectInfos,
  raingauge_price_book_valid_from_timestamp_seconds: priceBooks,
  ...DOCUMENT_SERIES,
  ...BUDGET_SERIES,
};

/** One value for all of a span. */
const constant = (given: Readonly<Record<string, string>>, { start, end }: Span, value: number): SourceSeries => ({
  labels: labelSet(Object.entries(given)),
  at: Float64Array.of(start + 1),
  values: Float64Array.of(value),
  holdsMs: end - start + 1,
});

const periodOf = ({ start, end }: Span) => ({ start: at(Math.floor(start) + 1), end: at(Math.floor(end) + 1) });

async function projectInfos({ store }: StandingParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  const subjects = await store.subjects({ period: periodOf(span) }, scope);
  const projects = [...new Set(subjects.filter(({ meter }) => !isDial(meter)).map(({ project }) => project))];
  return projects.map((project) =>
    constant({ [NAME]: "raingauge_project_info", project, project_name: project }, span, 1),
  );
}

async function priceBooks({ ledger }: StandingParts, span: Span): Promise<SourceSeries[]> {
  const name = "raingauge_price_book_valid_from_timestamp_seconds";
  return (await ledger.books()).map(({ book, validFrom }) =>
    constant(
      { [NAME]: name, book: book.name, version: book.version, currency: book.currency },
      span,
      validFrom / 1_000,
    ),
  );
}

/** Counted every five minutes, each resource as long as the look-back lets its readings stand. */
async function resources({ store, lookbackMs }: StandingParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  const ticks = ticksOf(span);
  const counts = new Map<string, { readonly labels: ReturnType<typeof labelSet>; readonly values: Float64Array }>();
  const seen = { ...span, start: span.start - lookbackMs };
  for (const meter of presenceMeters()) {
    for (const points of await store.points({ meter: meter.name, period: periodOf(seen) }, scope)) {
      const { project, region, dimensions } = points;
      const labels = labelSet(
        Object.entries({
          [NAME]: "raingauge_resources",
          project,
          region,
          type: meter.resourceType,
          state: dimensions["state"] ?? "",
        }),
      );
      const count = counts.get(labels.key) ?? { labels, values: new Float64Array(ticks.length) };
      counts.set(labels.key, count);
      countInto(count.values, ticks, points, lookbackMs);
    }
  }
  return [...counts.values()].map(({ labels, values }) => ({ labels, at: ticks, values, holdsMs: TICK_MS }));
}

const TICK_MS = HOUR_MS / 12;

const ticksOf = ({ start, end }: Span): Float64Array => {
  const first = (Math.floor(start / TICK_MS) + 1) * TICK_MS;
  return Float64Array.from(
    { length: Math.max(0, Math.floor((end - first) / TICK_MS) + 1) },
    (_, index) => first + index * TICK_MS,
  );
};

function countInto(
  counts: Float64Array,
  ticks: Float64Array,
  { at: moments, values }: Points,
  lookbackMs: number,
): void {
  let next = 0;
  for (const [index, tick] of ticks.entries()) {
    while (next < moments.length && (moments[next] ?? 0) <= tick) next += 1;
    const last = next - 1;
    const isThere = last >= 0 && (moments[last] ?? 0) > tick - lookbackMs && !Number.isNaN(values[last]);
    if (isThere) counts[index] = (counts[index] ?? 0) + 1;
  }
}
