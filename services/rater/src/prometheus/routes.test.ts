import { CLOUD, type Dimensions, EVERYTHING, UNBOUNDED } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { cloud, lived, march } from "../fixtures/cloud.ts";

let asked: Api;

/** As a sweep keeps what a dial stood at. */
const looked = (meter: string, project: string, value: bigint, dimensions: Dimensions) =>
  sampleOf({
    ...{ meter, project, value, dimensions, region: "one", resource: `cinder/${project}`, at: march(20) },
    ...{ origin: "api", source: "cinder", stance: "states", sequence: 0, message: "m" },
  });

const LOOKED = [
  looked("openstack_cinder_pool_capacity_free_gb", CLOUD, 3n * 2n ** 29n, { name: "fast" }),
  looked("raingauge_quota_limit", "acme", UNBOUNDED, { service: "compute", quota: "vcpus" }),
];

beforeAll(async () => {
  const made = await cloud();
  await made.say([
    ...lived("acme", "vm-1", march(1), march(11)),
    ...lived("zebra", "vm-2", march(1), march(11)),
    ...LOOKED,
  ]);
  asked = await api(made);
});
afterAll(() => asked.app.close());

const form = (fields: Readonly<Record<string, string>>) => ({
  method: "POST" as const,
  payload: new URLSearchParams(fields).toString(),
  headers: { "content-type": "application/x-www-form-urlencoded" },
});
const AT = String(march(1) / 1_000 + 60);

describe("PromQL over the store", () => {
  it("answers GET and POST alike, as Prometheus does", async () => {
    const fields = { query: "count(ceilometer_instance)", time: AT };

    const got = await asked.ask("admin", `/prometheus/api/v1/query?${new URLSearchParams(fields)}`);
    const posted = await asked.ask("admin", "/prometheus/api/v1/query", form(fields));

    expect(got.json()).toEqual({
      status: "success",
      data: { resultType: "vector", result: [{ metric: {}, value: [Number(AT), "2"] }] },
    });
    expect(posted.body).toBe(got.body);
  });

  it("takes a POST with its parameters in the address and an empty body that calls itself JSON, as vmalert sends it", async () => {
    const answer = await asked.ask("admin", `/prometheus/api/v1/query?query=1&step=300s&time=${AT}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });

    expect(answer.json().data).toEqual({ resultType: "scalar", result: [Number(AT), "1"] });
  });

  it("serves what a sweep looked at: the cloud's to who may see everything, a quota to its project", async () => {
    const time = String(march(20) / 1_000 + 60);
    const looked = (query: string, caller: "admin" | "reader") =>
      asked.ask(caller, "/prometheus/api/v1/query", form({ query, time })).then((each) => each.json().data.result);
    const free = {
      metric: { __name__: "openstack_cinder_pool_capacity_free_gb", name: "fast", region: "one" },
      value: [Number(time), "1.5"],
    };

    expect(await looked("openstack_cinder_pool_capacity_free_gb", "admin")).toEqual([free]);
    expect(await looked("openstack_cinder_pool_capacity_free_gb", "reader")).toEqual([]);
    expect(await looked("raingauge_quota_limit", "reader")).toEqual([
      {
        metric: {
          __name__: "raingauge_quota_limit",
          project: "acme",
          quota: "vcpus",
          region: "one",
          service: "compute",
        },
        value: [Number(time), "-1"],
      },
    ]);
    expect(await looked("raingauge_project_info", "admin")).toEqual([]);
  });

  it("confines every selector to the caller's projects", async () => {
    for (const query of [
      "count(ceilometer_instance)",
      'count({__name__=~".+"})',
      'count(ceilometer_instance{project=~".*"})',
    ]) {
      const answer = await asked.ask("reader", "/prometheus/api/v1/query", form({ query, time: AT }));

      expect(answer.json().data.result, query).toMatchObject([{ value: [Number(AT), "1"] }]);
    }
    const foreign = await asked.ask(
      "reader",
      "/prometheus/api/v1/query",
      form({ query: 'ceilometer_instance{project="zebra"}', time: AT }),
    );

    expect(foreign.json().data.result).toEqual([]);
  });

  it("ends a series where the resource ended", async () => {
    const samples = await asked.store.series(
      { meter: "instance", period: { start: march(1), end: march(31) } },
      EVERYTHING,
    );
    const end = (samples.find(({ stance, resource }) => stance === "ends" && resource === "vm-1")?.at ?? 0) / 1_000;
    const query = 'ceilometer_instance{resource="vm-1"}';

    const before = await asked.ask(
      "admin",
      "/prometheus/api/v1/query",
      form({ query, time: String(end - 1), lookback_delta: "30d" }),
    );
    const after = await asked.ask(
      "admin",
      "/prometheus/api/v1/query",
      form({ query, time: String(end), lookback_delta: "30d" }),
    );

    expect(before.json().data.result).toHaveLength(1);
    expect(after.json().data.result).toEqual([]);
  });

  it.each([
    { path: "query", fields: { query: "sum(" }, status: 400, errorType: "bad_data", error: /^1:5: parse error: / },
    {
      path: "query",
      fields: { query: "histogram_count(x)" },
      status: 400,
      errorType: "bad_data",
      error: /^1:1: parse error: .*not supported/,
    },
    { path: "query", fields: {}, status: 400, errorType: "bad_data", error: /"query"/ },
    {
      path: "query_range",
      fields: { query: "x", start: "0", end: "20000", step: "1" },
      status: 400,
      errorType: "bad_data",
      error: /11,000 points/,
    },
    {
      path: "query_range",
      fields: { query: "x[5m]", start: "0", end: "1", step: "1" },
      status: 400,
      errorType: "bad_data",
      error: /range query/,
    },
    {
      path: "query",
      fields: { query: "ceilometer_instance + on () ceilometer_instance", time: AT },
      status: 422,
      errorType: "execution",
      error: /many-to-many matching not allowed/,
    },
    {
      path: "query",
      fields: { query: "1", time: AT, timeout: "0" },
      status: 503,
      errorType: "timeout",
      error: /timed out/,
    },
  ])("answers $status $errorType to $path $fields", async ({ path, fields, status, errorType, error }) => {
    const answer = await asked.ask("admin", `/prometheus/api/v1/${path}`, form(fields));

    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status: "error", errorType });
    expect(answer.json().error).toMatch(error);
  });

  it("names series, labels, values and what the metrics mean", async () => {
    const data = async (path: string) => (await asked.ask("reader", `/prometheus/api/v1/${path}`)).json().data;

    const span = `start=${march(1) / 1_000 - 60}&end=${march(11) / 1_000}`;
    expect(await data(`label/project/values?${span}`)).toEqual(["acme"]);
    expect(await data(`labels?match[]=ceilometer_instance&${span}`)).toContain("flavor");
    expect(await data(`series?match[]=ceilometer_instance&${span}`)).toMatchObject([
      { __name__: "ceilometer_instance", resource: "vm-1" },
    ]);
    expect(await data("metadata?metric=ceilometer_cpu")).toMatchObject({
      ceilometer_cpu: [{ type: "counter", unit: "ns" }],
    });
    expect(await data("query_exemplars?query=test")).toEqual([]);
  });

  it("shows what usage costs, window by window, adding up to what the API says of the month", async () => {
    const end = String(march(31) / 1_000);
    const query = 'sum(sum_over_time(raingauge_cost{project="acme"}[31d]))';
    const costs = await asked.ask("reader", "/v1/costs/live?period=2026-03&group=project");

    const answer = await asked.ask("reader", "/prometheus/api/v1/query", form({ query, time: end }));
    const soFar = await asked.ask(
      "reader",
      "/prometheus/api/v1/query",
      form({ query: "raingauge_cost_month_to_date", time: end }),
    );
    const foreign = await asked.ask(
      "reader",
      "/prometheus/api/v1/query",
      form({ query: 'sum_over_time(raingauge_cost{project="zebra"}[1d])', time: end }),
    );
    const hours = await asked.ask(
      "reader",
      "/prometheus/api/v1/query",
      form({ query: 'sum(sum_over_time(raingauge_usage{meter="instance"}[1d]))', time: String(march(3) / 1_000) }),
    );

    const exact = Number(costs.json().items[0].cost);
    expect(exact).toBeGreaterThan(1);
    expect(Number(answer.json().data.result[0].value[1])).toBeCloseTo(exact, 9);
    expect(Number(soFar.json().data.result[0].value[1])).toBeCloseTo(exact, 9);
    expect(foreign.json().data.result).toEqual([]);
    expect(Number(hours.json().data.result[0].value[1])).toBe(24);
  });

  it.each([
    { query: 'sum(raingauge_resources{type="instance"})', value: 1, after: 360 },
    { query: "count(raingauge_project_info)", value: 1, after: 360 },
    { query: "raingauge_rated_until_timestamp_seconds", value: march(5) / 1_000 },
    { query: "sum(raingauge_cost_forecast) / sum(raingauge_cost_month_to_date)", value: (31 * 24 - 1) / (4 * 24) },
    { query: "count(raingauge_price_book_valid_from_timestamp_seconds)", value: 1 },
  ])("a reader is told $query of what is theirs", async ({ query, value, after = 4 * 86_400 }) => {
    const fields = { query, time: String(march(1) / 1_000 + after) };

    const answer = await asked.ask("reader", "/prometheus/api/v1/query", form(fields));

    expect(Number(answer.json().data.result[0].value[1])).toBeCloseTo(value, 9);
  });
});
