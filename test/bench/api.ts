import { join } from "node:path";
import { memoryBus } from "@raingauge/bus/memory";
import { at, HOUR_MS, type Instant } from "@raingauge/domain";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import { duckdbStore } from "@raingauge/store/duckdb";
import { parsePriceBook } from "@raingauge/wire";
import { type Bench, type Benchmark, duration, type Figure, held, rate } from "./benchmark.ts";
import { arrivalsOf, BOOK, type Churn, churnOf, JUST_AFTER, LATE_IN_MONTH, MONTH_NAME, pollAt } from "./churn.ts";
import { type Asked, answersOf } from "./clients.ts";
import { MONTH } from "./month.ts";

/** The API over HTTP, as a few clients at once ask it about a running month, and a closed one, while samples go on coming in. */
export const api: Benchmark = {
  name: "api",
  about: "what the API answers a second, and how long the slowest hundredth takes",
  needs: ["postgresql"],
  run: asked,
};

const DAY_MS = 24 * HOUR_MS;
const NOW = at(MONTH.end + 2 * DAY_MS);

async function asked({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const pace = paceAt(scale);
  let now: Instant = LATE_IN_MONTH;
  const clock = (): Instant => now;
  await using store = await duckdbStore({ path: join(folder, "api.duckdb"), clock });
  await using ledger = await postgresLedger({ url: url("postgresql"), clock });
  await ledger.publish(parsePriceBook(BOOK, "bench.yaml"), at(0));
  const churn = churnOf(scale);
  say(`storing a month of ${churn.resources} resources of ${churn.projects} projects`);
  for (const lot of arrivalsOf(churn, LATE_IN_MONTH)) await store.append(lot);
  say("rolling it up");
  await store.rollUp();
  const app = await server({
    ...{ store, ledger, bus: memoryBus(), log: silentLog, metrics: raterMetrics(), ready: {} },
    ...{ book: "standard", calendar: { zone: "UTC", clock } },
  });
  try {
    const origin = await app.listen({ host: "127.0.0.1", port: 0 });
    const token = await ledger.grant({ name: "bench", role: "finance", projects: [] });
    const door = { origin, token };
    const figures: Figure[] = [];
    const nothing = await answersOf(door, { path: () => "/healthz" }, pace);
    const limit = rate("an answer that says nothing", "requests/s", nothing.latencies.length, nothing.seconds);
    const ask = async (questions: readonly Question[], from: Instant): Promise<Ingested> => {
      const ingesting = ingest(store, churn, from, (moment) => (now = moment));
      for (const { what, ...question } of questions) {
        say(`asking: ${what}`);
        const { latencies, seconds } = await answersOf(door, question, pace);
        figures.push(held(rate(what, "requests/s", latencies.length, seconds), [limit]));
        figures.push(duration(`${what}, median`, quantile(latencies, 0.5)));
        figures.push(duration(`${what}, p99`, quantile(latencies, 0.99)));
      }
      return ingesting.stop();
    };
    const running = await ask(whileItRuns, LATE_IN_MONTH);
    say("closing it");
    await store.append([pollAt(churn, JUST_AFTER)]);
    await store.rollUp();
    now = NOW;
    const closing = await answersOf(
      door,
      { path: () => "/v1/closings", body: { period: MONTH_NAME } },
      { seconds: 0, least: 1, clients: 1 },
    );
    const closed = await ask(onceClosed(churn.projects), NOW);
    return [
      ...figures,
      limit,
      duration("a month closed", closing.seconds),
      rate("samples stored meanwhile", "samples/s", running.samples + closed.samples, running.seconds + closed.seconds),
    ];
  } finally {
    await app.close();
  }
}

/** Each question is asked for so long, and so often at least, by so many at once; where little is measured, less. */
const paceAt = (scale: number) => ({ seconds: Math.min(10, 10 * scale), least: scale < 1 ? 4 : 20, clients: 4 });

type Question = Asked & { readonly what: string };

const byDay = `/v1/costs/live?period=${MONTH_NAME}&group=sku&bucket=day&limit=1000`;

const whileItRuns: readonly Question[] = [
  { what: "cost by service per day, of a running month", path: () => byDay },
  {
    what: "cost so far of one project",
    path: (count) => `/v1/costs?period=${MONTH_NAME}&project=${projectNamed(count)}`,
  },
];

const projectNamed = (count: number): string => `project-${String(count % 2).padStart(5, "0")}`;

function onceClosed(projects: number): Question[] {
  const number = (count: number): string => `RG-${String(1 + ((count * 7_919) % projects)).padStart(6, "0")}`;
  const whole = "begin=2026-01-01T00:00:00&end=2026-02-01T00:00:00";
  return [
    { what: "usage by project", path: () => `/v1/usage?period=${MONTH_NAME}&group=project&limit=1000` },
    { what: "cost by service per day", path: () => byDay },
    { what: "cost by service per day of Berlin", path: () => `${byDay}&zone=Europe/Berlin` },
    { what: "invoice by number", path: (count) => `/v1/invoices/${number(count)}` },
    { what: "CloudKitty's summary", path: () => `/rating/v2/summary?${whole}&groupby=project_id,type&limit=1000` },
  ];
}

interface Ingested {
  readonly samples: number;
  readonly seconds: number;
}

/** What the pollers say of the machines that live on: a poll each second, and a roll-up each minute, as the collector does. */
function ingest(
  store: Awaited<ReturnType<typeof duckdbStore>>,
  churn: Churn,
  from: Instant,
  tick: (moment: Instant) => void,
) {
  const began = performance.now();
  let [samples, stopped] = [0, false];
  const running = (async () => {
    for (let poll = 0; !stopped; poll += 1) {
      const due = began + poll * 1_000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const moment = at(from + poll * 1_000);
      const arrival = pollAt(churn, moment);
      tick(moment);
      await store.append([arrival]);
      samples += arrival.batch.samples.length;
      if (poll % 60 === 30) await store.rollUp();
    }
  })();
  return {
    stop: async (): Promise<Ingested> => {
      stopped = true;
      await running;
      return { samples, seconds: (performance.now() - began) / 1_000 };
    },
  };
}

/** In seconds; the slowest where there are too few to say. */
function quantile(latencies: readonly number[], part: number): number {
  const ordered = latencies.toSorted((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.ceil(part * ordered.length) - 1)] ?? 0;
}
