import type { Needed } from "./servers.ts";

/** What is measured with one run, and beside it what the parts can do alone, on the same data, in the same run. */
export interface Benchmark {
  readonly name: string;
  /** One line for the help. */
  readonly about: string;
  readonly needs: readonly Needed[];
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** What a run is given. */
export interface Bench {
  /** 1 is sized so that all benchmarks take about a minute; the amount of data grows with it. */
  readonly scale: number;
  /** Private to this run, and gone after it. */
  readonly folder: string;
  /** Of a server that the benchmark needs. */
  readonly url: (server: Needed) => string;
  /** Tells whoever waits what is done just now. */
  readonly say: (doing: string) => void;
}

/** Of rates more is better, of anything else less. */
export type Unit =
  | "messages/s"
  | "samples/s"
  | "readings/s"
  | "documents/s"
  | "requests/s"
  | "machine hours/s"
  | "ms"
  | "MB"
  | "%"
  | "B/sample"
  | "µs/sample"
  | "samples/message";

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** The limit that it is held against, by what that is called. */
  readonly of?: string;
  /** Which part of that limit is reached, where 1 is as good as the limit; of times and sizes the inverse. */
  readonly ratio?: number;
}

/** Our figure, held against the tightest of its limits: nobody who uses all these parts could beat that one. */
export function held(ours: Figure, limits: readonly Figure[]): Figure {
  const [tightest] = limits
    .map((limit) => ({ of: limit.what, ratio: rounded(ratio(ours, limit)) }))
    .toSorted((a, b) => b.ratio - a.ratio);
  return { ...ours, ...tightest };
}

const ratio = ({ unit, value }: Figure, limit: Figure): number =>
  unit.endsWith("/s") ? value / limit.value : limit.value / value;

/** How often a second. */
export const rate = (what: string, unit: Unit, count: number, seconds: number): Figure => ({
  what,
  value: rounded(count / seconds),
  unit,
});

export const duration = (what: string, seconds: number): Figure => ({
  what,
  value: rounded(seconds * 1_000),
  unit: "ms",
});

export const figure = (what: string, unit: Unit, value: number): Figure => ({ what, value: rounded(value), unit });

/** Three digits say all that a measurement can. */
const rounded = (value: number): number => Number(value.toPrecision(3));
