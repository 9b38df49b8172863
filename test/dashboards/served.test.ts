import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOARDS } from "@raingauge/dashboards";
import type { Instant } from "@raingauge/domain";
import {
  type ClickhouseServer,
  clickhouseServer,
  describeWith,
  type InfluxServer,
  influxServer,
} from "@raingauge/harness";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { influxdbStore } from "@raingauge/store/influxdb";
import { initialiseStore } from "@raingauge/store/initialise";
import { memoryStore } from "@raingauge/store/memory";
import { openStore } from "@raingauge/store/open";
import { patience } from "@raingauge/test/generators/hunt.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grafana } from "./asking.ts";
import { HOUR_COSTS } from "./cloud.ts";
import { panelsAnswer, shown, sum } from "./panels.ts";
import { REQUESTS, replayed } from "./replay.ts";
import { type Served, served } from "./served.ts";

const PEERS = process.env["RAINGAUGE_PEERS"] !== undefined;

/** In the short form a day of each board: a week of hours takes as long as all the rest. */
const SERVED = BOARDS.filter(({ source }) => source === "served").map((board) =>
  PEERS ? board : { ...board, from: "now-24h" },
);

describe("every query of every board that our API serves, over DuckDB", () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-boards-"));
  answersOver((clock) => duckdbStore({ path: join(folder, "samples.duckdb"), clock }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
});

/** Half a minute each, and slower stores more: `RAINGAUGE_PEERS=1 npx vitest run test/dashboards/served.test.ts` asks them too. */
describe.skipIf(!PEERS)("over every other store (RAINGAUGE_PEERS=1)", async () => {
  describe("the store in memory", () => answersOver(async (clock) => memoryStore({ clock })));

  await describeWith("influxdb", "InfluxDB", () => {
    let influx: InfluxServer;
    beforeAll(async () => {
      influx = await influxServer();
      await influx.makeBucket("boards");
    });
    answersOver(async (clock) => {
      const { url, organization, token } = influx;
      return influxdbStore({ url, organization, token, bucket: "boards", clock });
    });
    afterAll(() => influx?.stop());
  });

  await describeWith("chdb", "ClickHouse", () => {
    let clickhouse: ClickhouseServer;
    beforeAll(async () => {
      clickhouse = await clickhouseServer();
    });
    answersOver(async (clock) => {
      const url = new URL(`clickhouse+${clickhouse.url}/boards`);
      url.username = clickhouse.user;
      await initialiseStore(url, clickhouse.password);
      return openStore(url, { clock, token: clickhouse.password });
    });
    afterAll(() => clickhouse?.stop());
  });
});

function answersOver(opened: (clock: () => Instant) => Promise<SampleStore>): void {
  let api: Served;
  let grafana: Grafana;
  beforeAll(async () => {
    api = await served(opened);
    grafana = new Grafana(api.answering);
  }, patience(300_000));
  afterAll(() => api?.[Symbol.asyncDispose]());

  panelsAnswer(SERVED, () => grafana);

  it.each(REQUESTS)("Grafana is answered: $why ($method $path)", async (logged) => {
    const { code, body } = await replayed(api, logged);

    expect(code, JSON.stringify(body)).toBe(200);
    expect(body.status).toBe("success");
    if (logged.type === undefined) return;
    expect(body.data).toMatchObject({ resultType: logged.type });
    expect(body.data).not.toMatchObject({ result: [] });
  });

  const week = 7 * 24 * (HOUR_COSTS.machines + HOUR_COSTS.volumes + HOUR_COSTS.addresses);

  it("a week costs what is known by hand, to the last part of a cent", async () => {
    expect(sum(await shown(grafana, "raingauge-project", 101))).toBe(week);
    expect(sum(await shown(grafana, "raingauge-cost-explorer", 101))).toBe(week);
  });

  it("the month is what the API says of it", async () => {
    const answer = await api.inject({ url: "/v1/costs/live?period=2026-03&group=project" });
    const { items } = answer.json() as { readonly items: readonly { readonly cost: string }[] };

    expect(sum(await shown(grafana, "raingauge-finance", 105))).toBe(
      items.reduce((total, { cost }) => total + Number(cost), 0),
    );
  });

  it("invoices are what was closed: one paid, three still open, adding up to the revenue", async () => {
    expect(sum(await shown(grafana, "raingauge-finance", 101))).toBe(4);
    expect(sum(await shown(grafana, "raingauge-finance", 102))).toBe(4 * 10.5);
    expect(sum(await shown(grafana, "raingauge-finance", 401))).toBe(3 * 10.5);
    expect(sum(await shown(grafana, "raingauge-finance", 402))).toBe(3 * 10.5);
    expect(sum(await shown(grafana, "raingauge-finance", 301))).toBe(4 * 10.5);
  });
}
