import { join } from "node:path";
import { memoryBus } from "@raingauge/bus/memory";
import { at, EVERYTHING, type Instant, instant, type Sample } from "@raingauge/domain";
import { available, prometheusServer } from "@raingauge/harness";
import { memoryLedger } from "@raingauge/ledger/memory";
import { answered, labelSet, NAME, planned, type Query, type SourceSeries } from "@raingauge/promql";
import { raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { sampleOf } from "@raingauge/wire";
import { type Bench, type Benchmark, duration, type Figure, held } from "./benchmark.ts";
import { secondsOf, timed, usualSecondsOf } from "./stopwatch.ts";

/** A week of counters read each minute, and one question over all of it. At scale 10 it looks at ten million samples. */
export const promql: Benchmark = {
  name: "promql",
  about: "a query over a week of counters, from the store, and the same of Prometheus",
  needs: [],
  run: asked,
};

const SERIES = 100;
const START = instant("2026-03-01T00:00:00Z");
const MINUTES = 7 * 24 * 60;
const END = at(START + MINUTES * 60_000);
const TEXT = "sum by (project) (rate(ceilometer_cpu[1h]))";
const GRID = { start: START + 3_600_000, step: 1_800_000, count: 2 * (7 * 24 - 1) + 1 };

async function asked({ scale, folder, say }: Bench): Promise<readonly Figure[]> {
  const count = Math.max(1, Math.round(SERIES * scale));
  say(`storing ${count * MINUTES} samples`);
  await using store = await duckdbStore({ path: join(folder, "week.duckdb"), clock: () => END });
  for (let series = 0; series < count; series += 1)
    await store.append([
      {
        position: { stream: "week", sequence: BigInt(series + 1) },
        batch: { samples: week(series), events: [], coverage: [] },
      },
    ]);
  say("asking our API");
  const ours = await throughApi(store);
  say("reading and evaluating alone");
  // Another question than the API's, of which the store keeps nothing yet.
  const { result: points, seconds: reading } = await timed(() =>
    store.points({ meter: "cpu", region: "north", period: { start: START, end: END } }, EVERYTHING),
  );
  const columns = points.map(({ project, resource, at: moments, values }): SourceSeries => {
    const labels = labelSet(Object.entries({ [NAME]: "ceilometer_cpu", project, resource }));
    return { labels, at: moments, values };
  });
  const evaluating = await usualSecondsOf(() =>
    answered(QUERY, new Map(planned(QUERY).map(({ id }) => [id, columns] as const))),
  );
  const limits = [
    duration("the store's points alone, read", reading),
    duration("the evaluation alone, samples in memory", evaluating),
    ...((await available("prometheus")).ok ? [await prometheus(count, say)] : []),
  ];
  return [
    held(duration("a week of PromQL through our API", ours.again), limits),
    duration("the same for the first time", ours.first),
    ...limits,
  ];
}

const QUERY: Query = { text: TEXT, kind: "range", grid: GRID, lookbackMs: 300_000, samplesMax: 100_000_000 };

const RANGE = new URLSearchParams({
  query: TEXT,
  start: String(GRID.start / 1_000),
  end: String((GRID.start + GRID.step * (GRID.count - 1)) / 1_000),
  step: String(GRID.step / 1_000),
});

/** For the first time, and as a board asks that is drawn anew. */
async function throughApi(store: SampleStore): Promise<{ readonly first: number; readonly again: number }> {
  const clock = (): Instant => END;
  const ledger = memoryLedger({ clock });
  const token = await ledger.grant({ name: "bench", role: "admin", projects: [] });
  const parts = {
    store,
    ledger,
    bus: memoryBus(),
    book: "standard",
    log: silentLog,
    metrics: raterMetrics(),
    ready: {},
  };
  const app = await server({ ...parts, calendar: { zone: "UTC", clock } });
  const asking = async (question: string): Promise<void> => {
    const url = `/prometheus/api/v1/${question}`;
    const { statusCode, body } = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    if (statusCode !== 200) throw new Error(body);
  };
  const ask = () => asking(`query_range?${RANGE}`);
  try {
    // The thread that answers is there then.
    await asking("query?query=1");
    const first = await secondsOf(ask);
    await ask();
    return { first, again: await usualSecondsOf(ask) };
  } finally {
    await app.close();
  }
}

/** The same samples in Debian's Prometheus. */
async function prometheus(count: number, say: Bench["say"]): Promise<Figure> {
  say("making Prometheus' blocks of the same samples");
  await using running = await prometheusServer(openMetrics(count));
  const ask = async (): Promise<unknown> => (await fetch(`${running.url}/api/v1/query_range?${RANGE}`)).json();
  await ask();
  return duration("the same of Debian's Prometheus", await usualSecondsOf(ask));
}

function* openMetrics(count: number): Generator<string> {
  yield "# TYPE ceilometer_cpu unknown\n";
  for (let series = 0; series < count; series += 1) {
    const labels = `project="project-${series % 20}",resource="vm-${series}"`;
    const lines = Array.from(
      { length: MINUTES },
      (_, minute) => `ceilometer_cpu{${labels}} ${counted(series, minute)} ${secondOf(minute)}\n`,
    );
    yield lines.join("");
  }
  yield "# EOF\n";
}

const secondOf = (minute: number): number => START / 1_000 + minute * 60 + 7;
const counted = (series: number, minute: number): number => (1 + (series % 7)) * 6_000_000 * minute;

const week = (series: number): Sample[] =>
  Array.from({ length: MINUTES }, (_, minute) =>
    sampleOf({
      region: "north",
      project: `project-${series % 20}`,
      meter: "cpu",
      resource: `vm-${series}`,
      at: at(secondOf(minute) * 1_000),
      value: BigInt(counted(series, minute)),
      origin: "poll",
      source: "libvirt",
      stance: "sights",
      dimensions: {},
      sequence: minute,
      message: `poll-${minute}`,
      incarnation: { host: "compute-1", device: "", startedAt: START, witnessed: true },
    }),
  );
