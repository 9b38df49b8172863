import { memoryBus } from "@raingauge/bus/memory";
import { at, type Instant, instant, parseDecimal } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { memoryLedger } from "@raingauge/ledger/memory";
import { raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import type { Answering } from "./asking.ts";
import { END } from "./cloud/series.ts";
import { BOOK, livedCloud } from "./lived-cloud.ts";

interface Asked {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | object;
}

export interface Served extends AsyncDisposable {
  /** Asks the query API, as an administrator. */
  readonly answering: Answering;
  /** Asks any route, with whatever headers come on top of the administrator's. */
  inject(asked: Asked): Promise<{ readonly statusCode: number; readonly body: string; json(): unknown }>;
  readonly ledger: Ledger;
  listen(): Promise<{ readonly url: string; readonly token: string }>;
}

const PROJECTS = ["acme", "bolt", "crane", "dune"] as const;
const BATCH = 5_000;

/**
 * Our own API over a store that is given the made-up cloud's readings: February closed and one of its invoices paid, a budget for
 * each project. Or live: the cloud's last moment is as told, and the clock is the machine's.
 */
export async function served(
  opened: (clock: () => Instant) => Promise<SampleStore>,
  live: { readonly end: number; readonly rulesUrl?: URL } | undefined = undefined,
): Promise<Served> {
  let now = instant("2026-03-02T06:00:00Z");
  const clock = (): Instant => (live === undefined ? now : at(Date.now()));
  const store = await opened(clock);
  const ledger = memoryLedger({ clock });
  await ledger.publish(BOOK, instant("2026-01-01T00:00:00Z"));
  const samples = livedCloud(live?.end);
  for (let from = 0; from < samples.length; from += BATCH)
    await store.append([
      {
        position: { stream: "made-up", sequence: BigInt(from + 1) },
        batch: { samples: samples.slice(from, from + BATCH), events: [], coverage: [] },
      },
    ]);
  await store.rollUp();
  for (const [index, project] of PROJECTS.entries())
    await ledger.setBudget({
      name: `plan-${project}`,
      projects: [project],
      amount: parseDecimal(String(200 * (index + 1))),
      thresholds: [],
      email: [],
    });
  const parts = {
    store,
    ledger,
    bus: memoryBus(),
    book: BOOK.name,
    log: silentLog,
    metrics: raterMetrics(),
    ready: {},
    rules: { rulesUrl: live?.rulesUrl },
  };
  const app = await server({ ...parts, calendar: { zone: "UTC", clock } });
  const token = await ledger.grant({ name: "grafana", role: "admin", projects: [] });
  const headers = { authorization: `Bearer ${token}` };
  const inject = (asked: Asked) => app.inject({ ...asked, headers: { ...headers, ...asked.headers } });
  const post = (url: string, payload: object) => inject({ method: "POST", url, payload });
  if (live === undefined) {
    await post("/v1/closings", { period: "2026-02" });
    await post("/v1/invoices/RG-000001/payments", { amount: "10.50" });
  }
  now = at(END * 1000);
  return {
    answering: async (path, form) => {
      const answer = await inject({
        method: "POST",
        url: `/prometheus/api/v1/${path}`,
        payload: new URLSearchParams(form).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      return answer.body;
    },
    inject,
    ledger,
    listen: async () => ({ url: await app.listen({ host: "127.0.0.1", port: 0 }), token }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await store[Symbol.asyncDispose]();
    },
  };
}
