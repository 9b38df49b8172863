import { parseArgs } from "node:util";
import { agent } from "./agent.ts";
import { api } from "./api.ts";
import { backlog } from "./backlog.ts";
import type { Benchmark } from "./benchmark.ts";
import { clickhouse } from "./clickhouse.ts";
import { closing } from "./closing.ts";
import { documents } from "./documents.ts";
import { engines } from "./engines.ts";
import { ingest } from "./ingest.ts";
import { listener } from "./listener.ts";
import { measure } from "./measure.ts";
import { promql } from "./promql.ts";
import { rating } from "./rating.ts";
import { size } from "./size.ts";
import { stores } from "./stores.ts";
import { month } from "./whole-month.ts";

export const BENCHMARKS: readonly Benchmark[] = [
  listener,
  ingest,
  stores,
  engines,
  backlog,
  measure,
  month,
  size,
  clickhouse,
  documents,
  closing,
  rating,
  api,
  promql,
  agent,
];

/** What was asked for on the command line. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly sentence: string }
  | {
      readonly kind: "run";
      readonly benchmarks: readonly Benchmark[];
      readonly scale: number;
      /** How many times the scale each run has. */
      readonly growth: readonly number[];
      readonly json: boolean;
    };

export function commandOf(args: readonly string[]): Command {
  try {
    return asked(args);
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", sentence: error.message };
    if (isMistyped(error)) return { kind: "refused", sentence: `${error.message.split(".")[0]}.` };
    throw error;
  }
}

class Refusal extends Error {}

function asked(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return { kind: "help" };
  const benchmarks = positionals.length === 0 ? BENCHMARKS : positionals.map(named);
  return {
    kind: "run",
    benchmarks,
    scale: scaleOf(values.scale),
    growth: values.growth ? GROWTH : [1],
    json: values.json,
  };
}

const GROWTH = [1, 10, 100];

const OPTIONS = {
  growth: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  scale: { type: "string", default: "1" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const NAMES = BENCHMARKS.map(({ name }) => name).join(", ");

function named(name: string): Benchmark {
  const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
  if (found === undefined) throw new Refusal(`There is no benchmark ${name}: choose from ${NAMES}.`);
  return found;
}

function scaleOf(written: string): number {
  const scale = Number(written);
  if (scale > 0 && Number.isFinite(scale)) return scale;
  throw new Refusal(`--scale takes a number above 0, such as 0.1 or 10, not ${JSON.stringify(written)}.`);
}

/** What `parseArgs` says of an option that it does not know, or of one without its value; then comes advice. */
const isMistyped = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

export const HELP = `npm run -s bench -- [NAME …] [--scale N] [--growth] [--json]

Measures Raingauge and, beside it, what its parts can do alone with the same data, all in one run on this machine.
Without a name it runs every benchmark.

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}

  --scale N  so many times the data; 1 unless told otherwise, which takes about a minute for all
  --growth   all of it three times, with 1, 10 and 100 times that data, and the figures beside each other
  --json     the report as JSON on standard output; progress goes to standard error either way
  -h --help  this

A benchmark whose server is not to be had on this machine is skipped, and says why. Exits with 0 when it could measure, with
1 when it failed, and with 2 when it was asked for something that there is not. docs/benchmarks.md says what the figures mean.`;
