import Counter from "prom-client/lib/counter.js";
import collectDefaultMetrics from "prom-client/lib/defaultMetrics.js";
import Gauge from "prom-client/lib/gauge.js";
import Histogram from "prom-client/lib/histogram.js";
import Registry from "prom-client/lib/registry.js";
import { VERSION } from "./version.ts";

export type Labels = Readonly<Record<string, string>>;

export interface CounterOf {
  /** Counts `by` more; of nothing it makes the series appear at 0, so that a rate has something to begin at. */
  add(by: number, labels?: Labels): void;
}
export interface GaugeOf {
  set(value: number, labels?: Labels): void;
}
export interface HistogramOf {
  observe(value: number, labels?: Labels): void;
}

/** What `/metrics` shows. */
export interface Exposition {
  text(): Promise<string>;
}

/** An instrument as it is exposed. */
export interface Description {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

interface Declared<I> extends Omit<Description, "name"> {
  readonly name: (process: string) => string;
  readonly make: (name: string, registry: Registry) => I;
}

export type Instruments<D> = { readonly [K in keyof D]: D[K] extends Declared<infer I> ? I : never };

/**
 * All the instruments of one process, declared in one object:
 *
 *     metrics("collector", { samplesStored: counter("samples_stored", "Samples that the store took.") })
 *
 * gives `samplesStored`, exposed as `collector_samples_stored_total`, and the text for `/metrics`.
 */
export function metrics<const D extends Readonly<Record<string, Declared<unknown>>>>(
  process: string,
  declared: D,
): Instruments<D> & Exposition & { readonly described: readonly Description[] } {
  const registry = new Registry();
  const made = Object.entries(declared).map(([key, { name, make }]) => [key, make(name(process), registry)] as const);
  const described = Object.values(declared).map(({ name, type, help, labels }) => ({
    name: name(process),
    type,
    help,
    labels,
  }));
  return Object.assign(instrumentsOf<D>(made), { text: () => registry.metrics(), described });
}

/** The one cast: every declaration has put its own kind of instrument under its own key. */
const instrumentsOf = <D>(entries: readonly (readonly [string, unknown])[]): Instruments<D> =>
  Object.fromEntries(entries) as Instruments<D>;

/** `noun_past-verb`, e.g. `samples_stored`; exposed as `<process>_samples_stored_total`. */
export const counter = (name: string, help: string, labels: readonly string[] = []): Declared<CounterOf> => ({
  type: "counter",
  help,
  labels,
  name: (process) => checked(`${process}_${name}_total`, COUNTER, "<process>_<noun>_<past verb>_total"),
  make: (exposed, registry) => {
    const made = new Counter({ name: exposed, help, labelNames: [...labels], registers: [registry] });
    return { add: (by, given = {}) => made.inc(given, by) };
  },
});

/** A noun, with its unit last where it has one, e.g. `spool_bytes`. */
export const gauge = (name: string, help: string, labels: readonly string[] = []): Declared<GaugeOf> => ({
  type: "gauge",
  help,
  labels,
  name: (process) => checked(`${process}_${name}`, WORDS, "<process>_<noun>"),
  make: (exposed, registry) => {
    const made = new Gauge({ name: exposed, help, labelNames: [...labels], registers: [registry] });
    return { set: (value, given = {}) => made.set(given, value) };
  },
});

/** Its unit last, spelled out: `commit_seconds`, `batch_bytes`. */
export const histogram = (
  name: string,
  help: string,
  { buckets, labels = [] }: { readonly buckets: readonly number[]; readonly labels?: readonly string[] },
): Declared<HistogramOf> => ({
  type: "histogram",
  help,
  labels,
  name: (process) => checked(`${process}_${name}`, MEASURED, "<process>_<noun>_<unit>, the unit spelled out"),
  make: (exposed, registry) => {
    const made = new Histogram({
      name: exposed,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [registry],
    });
    return { observe: (value, given = {}) => made.observe(given, value) };
  },
});

const IRREGULAR =
  "begun|drawn|driven|found|given|gone|held|hidden|kept|known|left|lost|made|met|put|read|seen|sent|shown|taken|told|written";
const COUNTER = new RegExp(`^[a-z]+(_[a-z0-9]+)+_([a-z]+ed|${IRREGULAR})_total$`);
const WORDS = /^[a-z]+(_[a-z0-9]+)+$/;
const MEASURED = /^[a-z]+(_[a-z0-9]+)*_(seconds|bytes|samples|events|messages|rows)$/;

function checked(name: string, pattern: RegExp, shape: string): string {
  if (!pattern.test(name)) throw new RangeError(`the metric ${name} is not named ${shape}`);
  return name;
}

export interface ProcessOptions {
  /**
   * Whether it is watched how late the event loop is, which takes a timer a hundred times a second: on a compute node more than all
   * that an agent is there for.
   */
  readonly watchesLoop?: boolean;
}

/**
 * Memory, CPU time and event loop of this process, and which version of which one it is. Call it once in a process: it
 * watches the garbage collector.
 */
export function processMetrics(
  name: string,
  { watchesLoop = true }: ProcessOptions = {},
): Exposition & { readonly described: readonly Description[] } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: watchesLoop ? LOOP_MS : SELDOM_MS });
  if (!watchesLoop) for (const each of registry.getMetricsAsArray()) leaveOut(registry, each.name);
  const build = gauge("build_info", "1, of the process and its version.", ["process", "version"]);
  build.make("raingauge_build_info", registry).set(1, { process: name, version: VERSION });
  return { text: () => registry.metrics(), described: registry.getMetricsAsArray().map(describe) };
}

const LOOP_MS = 10;
/** What would be measured so seldom means nothing, and is not told. */
const SELDOM_MS = 60 * 60 * 1_000;

function leaveOut(registry: Registry, name: string): void {
  if (name.startsWith("nodejs_eventloop_lag_")) registry.removeSingleMetric(name);
}

const describe = (metric: object): Description => {
  const { name, type, help, labelNames } = metric as DefaultMetric;
  return { name, type, help, labels: labelNames };
};

/** What prom-client's own instruments carry, though its types do not say so. */
interface DefaultMetric {
  readonly name: string;
  readonly type: Description["type"];
  readonly help: string;
  readonly labelNames: readonly string[];
}
