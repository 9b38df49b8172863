import { allMeters, type Meter, meterNamed, parseDecimal, type Rational, rational } from "@raingauge/domain";
import { type Place, readYaml } from "@raingauge/wire";
import { z } from "zod";

export const MUTATIONS = ["NONE", "CEIL", "FLOOR", "NUMBOOL", "NOTNUMBOOL", "MAP"] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** One thing that is rated, as a metrics.yml names it, and the meter of ours that measures it. */
export interface RatedMetric {
  /** The name in data frames, and of the hashmap service. */
  readonly type: string;
  readonly unit: string;
  readonly factor: Rational;
  readonly offset: Rational;
  readonly mutate: Mutation;
  readonly map: ReadonlyMap<string, Rational>;
  readonly groupby: readonly string[];
  readonly metadata: readonly string[];
  readonly description?: string | undefined;
  /** Absent where we have no meter for it: its points come only from whoever posts them. */
  readonly meter?: Meter | undefined;
  /** The metric is what a counter of ours grows by in a second. */
  readonly isRate: boolean;
}

export interface MetricsProblem {
  readonly line: number;
  readonly path: string;
  readonly says: string;
}

export interface MetricsFile {
  readonly metrics: readonly RatedMetric[];
  /** The file as it is, for whoever asks for it. */
  readonly config: unknown;
  /** What keeps it from being read as CloudKitty would. With any of these, `metrics` is empty. */
  readonly problems: readonly MetricsProblem[];
  /** What is read, and has no effect here. */
  readonly notes: readonly MetricsProblem[];
}

const NUMBER = /^-?\d+(\.\d+)?(\/-?\d+(\.\d+)?)?$/;

/** A fraction stays exact: CloudKitty's own goes through a binary float, and 3600/1000000 of 1000 comes out below 3.6. */
const Fraction = z
  .string()
  .regex(NUMBER, "not a number or a fraction such as 1/1048576")
  .refine((text) => !/\/-?0+(\.0+)?$/.test(text), "divides by zero")
  .transform((text) => {
    const [above = "0", below = "1"] = text.split("/");
    const [a, b] = [parseDecimal(above), parseDecimal(below)];
    return rational(a.numerator * b.denominator, a.denominator * b.numerator);
  });

const MetricEntry = z
  .strictObject({
    unit: z.string("unit is missing").min(1),
    alt_name: z.string().min(1).optional(),
    description: z.string().optional(),
    factor: Fraction.optional(),
    offset: Fraction.optional(),
    mutate: z
      .string()
      .transform((text) => text.toUpperCase())
      .pipe(z.enum(MUTATIONS, `not one of ${MUTATIONS.join(", ")}`))
      .optional(),
    mutate_map: z.record(z.string(), Fraction).optional(),
    groupby: z.array(z.string()).default([]),
    metadata: z.array(z.string()).default([]),
    skip_datapoints_expression: z.string().optional(),
    extra_args: z.record(z.string(), z.unknown()).optional(),
  })
  .superRefine((entry, context) => {
    if (entry.mutate_map !== undefined && entry.mutate !== "MAP")
      context.addIssue({ code: "custom", path: ["mutate_map"], message: "only goes with mutate: MAP" });
    for (const name of entry.groupby.filter((each) => entry.metadata.includes(each)))
      context.addIssue({ code: "custom", path: ["metadata"], message: `${name} is in groupby already` });
  });
type MetricEntry = z.output<typeof MetricEntry>;

const File = z.strictObject({
  metrics: z.record(z.string(), z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).min(1)])),
});

/** Reads a metrics.yml as CloudKitty would, and says all that is wrong with it, by line. Pure. */
export function readMetrics(text: string): MetricsFile {
  const yaml = readYaml(text);
  const problems: MetricsProblem[] = [...yaml.broken];
  const notes: MetricsProblem[] = [];
  const said = (issues: readonly z.core.$ZodIssue[], under: Place): MetricsProblem[] =>
    issues.map(({ path, message }) =>
      problemAt([...under, ...path.map((step) => (typeof step === "symbol" ? "" : step))], message),
    );
  const problemAt = (place: Place, says: string): MetricsProblem => ({
    line: yaml.lineOf(place),
    path: place.join("."),
    says,
  });

  const file = problems.length === 0 ? File.safeParse(yaml.value) : undefined;
  if (file?.success === false) problems.push(...said(file.error.issues, []));
  const metrics: RatedMetric[] = [];
  for (const [name, entry] of Object.entries(file?.data?.metrics ?? {})) {
    for (const [place, one] of placesOf(name, entry)) {
      const parsed = MetricEntry.safeParse(one);
      if (parsed.success) {
        const metric = metricOf(name, parsed.data);
        if (metrics.some(({ type }) => type === metric.type))
          problems.push(problemAt(place, `${metric.type} is there twice: give one an alt_name of its own`));
        metrics.push(metric);
        notes.push(
          ...withoutEffect(name, parsed.data, metric).map(([path, says]) => problemAt([...place, ...path], says)),
        );
      } else problems.push(...said(parsed.error.issues, place));
    }
  }
  return { metrics: problems.length === 0 ? metrics : [], config: typed(yaml.value), problems, notes };
}

const placesOf = (name: string, entry: unknown): [Place, unknown][] =>
  Array.isArray(entry)
    ? entry.map((one, index): [Place, unknown] => [["metrics", name, index], one])
    : [[["metrics", name], entry]];

function metricOf(name: string, entry: MetricEntry): RatedMetric {
  const mutate = entry.mutate ?? "NONE";
  return {
    type: entry.alt_name ?? name,
    unit: entry.unit,
    factor: entry.factor ?? rational(1n),
    offset: entry.offset ?? rational(0n),
    mutate,
    map: new Map(Object.entries(entry.mutate_map ?? {})),
    groupby: entry.groupby,
    metadata: entry.metadata,
    description: entry.description,
    ...measuredAs(name, mutate),
  };
}

/** Gnocchi's name of a metric, or Prometheus' (`ceilometer_…`), as one of our meters. */
function measuredAs(name: string, mutate: Mutation): Pick<RatedMetric, "meter" | "isRate"> {
  const plain = name.replace(/^ceilometer_/, "");
  // What is asked of an instance's CPU as a yes or no is whether the instance was there.
  if (plain === "cpu" && mutate === "NUMBOOL") return { meter: meterNamed("instance"), isRate: false };
  const known = called(plain);
  if (known !== undefined) return { meter: known, isRate: false };
  const counter = called(plain.replace(/[._]rate$/, ""));
  return counter?.kind === "cumulative" || counter?.kind === "delta"
    ? { meter: counter, isRate: true }
    : { isRate: false };
}

const called = (name: string): Meter | undefined =>
  meterNamed(name) ?? allMeters().find((meter) => meter.name.replaceAll(".", "_") === name);

function withoutEffect(name: string, entry: MetricEntry, { meter }: RatedMetric): [Place, string][] {
  const notes: [Place, string][] = [];
  if (meter === undefined)
    notes.push([[], `nothing here measures ${name}: only points that are posted can be of this type`]);
  if (entry.skip_datapoints_expression !== undefined)
    notes.push([["skip_datapoints_expression"], "Python is not run here; points of quantity 0 are never made"]);
  for (const argument of Object.keys(entry.extra_args ?? {}).filter((each) => !EXPECTED_ARGUMENTS.has(each)))
    notes.push([["extra_args", argument], "shapes a query to a collector that is not asked here"]);
  return notes;
}

/** What says how Gnocchi or Prometheus is asked for an hour. We hold the readings themselves, so none of it is needed. */
const EXPECTED_ARGUMENTS: ReadonlySet<string> = new Set([
  "resource_type",
  "resource_key",
  "aggregation_method",
  "re_aggregation_method",
  "force_granularity",
  "use_all_resource_revisions",
]);

/** Texts that are whole numbers, or true and false, as YAML means them. */
function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typed(each)]));
  if (typeof value !== "string") return value;
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  return value === "true" ? true : value === "false" ? false : value;
}
