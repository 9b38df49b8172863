import { at, type Dial, dialNamed, isDial, meterNamed, narrowed, type Scope, UNBOUNDED } from "@raingauge/domain";
import {
  type LabelSet,
  labelSet,
  type Matcher,
  matching,
  meterOfMetric,
  metricNameOf,
  NAME,
  QueryError,
  type Source,
  type SourceSeries,
  type Span,
} from "@raingauge/promql";
import type { Points, SampleStore, Subject } from "@raingauge/store";

export type Readings = Pick<SampleStore, "points" | "subjects">;

/**
 * The readings of a store as `ceilometer_…` series, for one caller: the scope goes into every question, so that no query can
 * show what is not theirs.
 */
export function readingsSource(store: Readings, scope: Scope, seriesMax: number): Source {
  return {
    async select(matchers, span) {
      const matches = matching(matchers);
      const meters = await metersFor(store, matchers, span, scope);
      const own = narrowed(scope, projectsAsked(matchers));
      const found: SourceSeries[] = [];
      for (const meter of meters) {
        const points = await store.points({ meter, period: periodOf(span), ...narrowing(matchers) }, own);
        for (const each of points) {
          const labels = labelsOf(each);
          if (matches(labels.labels)) found.push(seriesOf(each, labels));
          if (found.length > seriesMax) throw tooManySeries(seriesMax);
        }
      }
      return found;
    },
    async series(matchers, span) {
      const matches = matching(matchers);
      const own = narrowed(scope, projectsAsked(matchers));
      const meters = await metersFor(store, matchers, span, scope);
      const perMeter = await Promise.all(meters.map((meter) => store.subjects({ meter, period: periodOf(span) }, own)));
      const sets = perMeter.flat().map(labelsOf);
      return sets.filter(({ labels }) => matches(labels));
    },
  };
}

const tooManySeries = (most: number): QueryError =>
  new QueryError("execution", `the query selects more than ${most} series: narrow it by project, region or resource`);

/** From later than its start up to and with its end, as a half-open period of milliseconds. */
const periodOf = ({ start, end }: Span) => ({ start: at(Math.floor(start) + 1), end: at(Math.floor(end) + 1) });

/** What a selector says that a label is, where it says so by equality. */
export function equalTo(matchers: readonly Matcher[], label: string): readonly string[] | undefined {
  const equal = matchers.filter(({ op, value, ...matcher }) => matcher.label === label && op === "=" && value !== "");
  return equal.length === 0 ? undefined : equal.map(({ value }) => value);
}

/** The projects that a selector names by equality. */
export const projectsAsked = (matchers: readonly Matcher[]): readonly string[] | undefined =>
  equalTo(matchers, "project");

function narrowing(matchers: readonly Matcher[]): { region?: string; resource?: string } {
  const [region] = equalTo(matchers, "region") ?? [];
  const [resource] = equalTo(matchers, "resource") ?? [];
  return { ...(region === undefined ? {} : { region }), ...(resource === undefined ? {} : { resource }) };
}

/** The catalogue knows nearly every name; for another the store is asked which meters it has. */
async function metersFor(store: Readings, matchers: readonly Matcher[], span: Span, scope: Scope): Promise<string[]> {
  const names = matchers.filter(({ label }) => label === NAME);
  const [named] = equalTo(names, NAME) ?? [];
  const known = named === undefined ? undefined : meterOfMetric(named);
  if (known !== undefined) return [known.name];
  if (named !== undefined && isDial(named)) return [named];
  if (named !== undefined && !named.startsWith("ceilometer_")) return [];
  const subjects = await store.subjects({ period: periodOf(span) }, scope);
  const matches = matching(names);
  const meters = new Set(subjects.map(({ meter }) => meter));
  return [...meters].filter((meter) => matches(new Map([[NAME, nameOf(meter)]])));
}

/** A dial has its metric's name. */
const nameOf = (meter: string): string => (isDial(meter) ? meter : metricNameOf(meter));

function labelsOf(subject: Subject): LabelSet {
  const { meter, region, project, resource, dimensions, host, device } = subject;
  const dial = dialNamed(meter);
  if (dial !== undefined) return dialLabelsOf(dial, subject);
  const unit = meterNamed(meter)?.shown.unit ?? "";
  const own = Object.entries(dimensions).map(
    ([name, value]) => [name.replaceAll(/[^a-zA-Z0-9_]/g, "_"), value] as const,
  );
  return labelSet([
    ...own,
    [NAME, metricNameOf(meter)],
    ["region", region],
    ["project", project],
    ["resource", resource],
    ["unit", unit],
    ["host", host],
    ["device", device],
  ]);
}

/** As whoever told such numbers first labels them, and the region besides, for a cloud may have several. */
const dialLabelsOf = ({ name, of }: Dial, { region, project, dimensions }: Subject): LabelSet =>
  labelSet([
    ["region", region],
    ...Object.entries(dimensions),
    [NAME, name],
    ...(of === "project" ? [["project", project] as const] : []),
  ]);

/** In the unit in which people read the meter. */
function seriesOf(points: Points, labels: LabelSet): SourceSeries {
  const { meter, at: moments, values } = dialNamed(points.meter) === undefined ? points : bounded(points);
  const factor = (meterNamed(meter) ?? dialNamed(meter))?.shown.factor;
  const scale = factor === undefined ? 1 : Number(factor.denominator) / Number(factor.numerator);
  const shown = scaled(values, scale);
  if (!endsAnywhere(values)) return { labels, at: moments, values: shown };
  return {
    labels,
    at: moments.filter((_, index) => !Number.isNaN(values[index])),
    values: shown.filter((value) => !Number.isNaN(value)),
    ends: moments.filter((_, index) => Number.isNaN(values[index])),
  };
}

/** Of millions of values no function is called for each. */
function scaled(values: Float64Array, scale: number): Float64Array {
  if (scale === 1) return values;
  const shown = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) shown[index] = (values[index] ?? 0) * scale;
  return shown;
}

function endsAnywhere(values: Float64Array): boolean {
  for (let index = 0; index < values.length; index += 1) if (Number.isNaN(values[index])) return true;
  return false;
}

/** What is stored of a number that has no bound is shown as OpenStack says it: −1, whatever its unit. */
function bounded(points: Points): Points {
  const factor = Number(dialNamed(points.meter)?.shown.factor.numerator ?? 1n);
  return { ...points, values: points.values.map((value) => (value >= Number(UNBOUNDED) ? -factor : value)) };
}
