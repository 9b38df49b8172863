import { at, decimal, parseDecimal, plus, sum } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { type Cloud, cloud, lived, MARCH, march, reading, sent } from "../fixtures/cloud.ts";
import { type CloudWithRules, rules } from "./fixtures/rules.ts";
import { naive } from "./moments.ts";

const zulu = (moment: Parameters<typeof naive>[0]): string => `${naive(moment)}Z`;
const RANGE = `begin=${zulu(MARCH.start)}&end=${zulu(MARCH.end)}`;

/** Table rows of a v2 summary, without their times; amounts are texts, as they were sent. */
async function rows({ ask }: Pick<Api, "ask">, query: string, who: "admin" | "reader" = "admin"): Promise<unknown[][]> {
  const answer = await ask(who, `/rating/v2/summary?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return (answer.json() as { results: unknown[][] }).results.map((row) => row.slice(2));
}

const withRules = async (told: CloudWithRules): Promise<Api> => rules(await api(), told);

describe("while hashmap is off", () => {
  it("usage costs what the price book says, and the sum is the bill", async () => {
    const opened = await api();

    const costs = (await opened.ask("admin", "/v1/costs?period=2026-03")).json() as { items: { total: string }[] };
    const [[, rate] = []] = await rows(opened, RANGE);

    expect(String(rate)).toBe(decimal(sum(costs.items.map(({ total }) => parseDecimal(total))), 10));
    expect(await rows(opened, `${RANGE}&groupby=project_id,type`)).toEqual([
      [250, 5.6, "acme", "instance"],
      [24, 0.12, "acme", "ip.floating"],
      [30000, 1, "acme", "network.outgoing.bytes.rate"],
      [24, 0.48, "globex", "instance"],
    ]);
  });

  it("the days of a month add up to the month", async () => {
    const opened = await api();

    const days = await rows(opened, `${RANGE}&groupby=time-d`);
    const [[quantity, rate] = []] = await rows(opened, RANGE);

    expect(days.length).toBeGreaterThan(10);
    const total = (column: number) => decimal(days.map((row) => parseDecimal(String(row[column]))).reduce(plus), 10);
    expect([total(0), total(1)]).toEqual([String(quantity), String(rate)]);
  });
});

describe("resources of a project that nothing tells apart", () => {
  /** Machines alike, one of which is there and weighs nothing for a while. */
  const alike = async (): Promise<Cloud> => {
    const made = await cloud();
    await made.say([
      ...lived("acme", "vm-1", march(3), march(4)),
      ...lived("acme", "vm-2", march(3, 5), march(5, 2)),
      ...lived("globex", "vm-3", march(7), march(8)),
      reading({ project: "acme", resource: "vm-4", at: march(9), value: 0n }),
      reading({ project: "acme", resource: "vm-4", at: march(9, 6), stance: "ends" }),
      ...sent("acme", "vm-1", march(3), march(4), 12_345_678_901n),
      ...sent("acme", "vm-2", march(3, 5), march(5), 7_000_000_019n),
    ]);
    return made;
  };

  it.each([
    { what: "the price book", told: undefined },
    {
      what: "rules",
      told: { service: "instance", cost: "1.7", fields: { flavor_name: [{ value: "small", cost: "0.3" }] } },
    },
  ])("are added up before $what rates them, to the same amounts", async ({ told }) => {
    const bare = await api(await alike());
    const opened = told === undefined ? bare : await rules(bare, told);

    const together = await rows(opened, `${RANGE}&groupby=project_id,type`);
    const apart = await rows(opened, `${RANGE}&groupby=project_id,type,id&limit=1000`);

    expect(together.length).toBeGreaterThan(2);
    for (const [quantity, rate, project, type] of together) {
      const own = apart.filter((row) => row[2] === project && row[3] === type);
      const total = (column: number) => decimal(sum(own.map((row) => parseDecimal(String(row[column])))), 9);
      expect([total(0), total(1)]).toEqual([
        decimal(parseDecimal(String(quantity)), 9),
        decimal(parseDecimal(String(rate)), 9),
      ]);
    }
  });
});

describe("while hashmap is on", () => {
  it("usage costs what the rules say, by flavor, and a project's own rule first", async () => {
    const opened = await withRules({
      service: "instance",
      fields: {
        flavor_name: [
          { value: "small", cost: "0.1" },
          { value: "small", cost: "0.05", tenant: "globex" },
          { value: "large", cost: "0.4" },
        ],
      },
    });

    expect(await rows(opened, `${RANGE}&groupby=project_id,flavor_name&filters=type:instance`)).toEqual([
      [10, 4, "acme", "large"],
      [240, 24, "acme", "small"],
      [24, 1.2, "globex", "small"],
    ]);
  });

  it("a threshold counts hour by hour, however long a time is asked for at once", async () => {
    const opened = await withRules({
      service: "instance",
      cost: "1",
      thresholds: [{ level: "1", cost: "0.5", type: "flat" }],
    });

    expect(await rows(opened, `${RANGE}&filters=project_id:globex,type:instance`)).toEqual([[24, 36]]);
  });

  it("a month that is closed costs what it cost, whatever rules are made afterwards", async () => {
    const opened = await withRules({ service: "instance", cost: "1" });
    const before = await rows(opened, `${RANGE}&groupby=project_id`);
    await opened.ask("finance", "/v1/closings", {
      method: "POST",
      payload: { period: "2026-03", allowUnpriced: true },
    });

    await rules(opened, { service: "ip.floating", cost: "9" });
    await opened.ask("admin", "/rating/v2/rating/modules/hashmap", { method: "PUT", payload: { enabled: false } });

    expect(await rows(opened, `${RANGE}&groupby=project_id`)).toEqual(before);
  });

  it("a rule that is deleted, with all that it hung on, goes on costing what it did until then", async () => {
    const opened = await withRules({ service: "instance", cost: "1" });
    const before = await rows(opened, RANGE);
    const { services } = (await opened.ask("admin", "/rating/v1/rating/module_config/hashmap/services")).json() as {
      services: { service_id: string }[];
    };

    await opened.ask("admin", `/rating/v1/rating/module_config/hashmap/services/${services[0]?.service_id}`, {
      method: "DELETE",
    });

    expect(await rows(opened, RANGE)).toEqual(before);
  });
});

describe("a data point", () => {
  it("that is posted twice counts once, and a million tenths are exactly a hundred thousand", async () => {
    const opened = await api(await cloud());
    const point = (id: number) => ({
      vol: { unit: "x", qty: 0.1 },
      rating: { price: 0.1 },
      groupby: { project_id: "acme", id: String(id) },
      metadata: {},
    });
    const frames = {
      dataframes: [
        {
          period: { begin: "2026-03-05T00:00:00Z", end: "2026-03-05T01:00:00Z" },
          usage: { m: Array.from({ length: 10_000 }, (_, id) => point(id)) },
        },
      ],
    };

    for (const _ of [1, 2])
      expect((await opened.ask("admin", "/rating/v2/dataframes", { method: "POST", payload: frames })).statusCode).toBe(
        204,
      );

    const answer = await opened.ask("reader", `/rating/v2/summary?${RANGE}`);
    expect(answer.body).toContain(",1000,1000]");
  });

  it("of our own is one hour of one resource, page by page", async () => {
    const opened = await api();
    const hour = `begin=${zulu(march(1))}&end=${zulu(march(1, 3))}`;

    const first = (await opened.ask("reader", `/rating/v2/dataframes?${hour}&limit=2`)).json();
    const second = (await opened.ask("reader", `/rating/v2/dataframes?${hour}&limit=100&offset=2`)).json();

    expect(first).toMatchObject({
      total: 6,
      dataframes: [
        {
          usage: {
            instance: [
              {
                vol: { unit: "instance", qty: 1 },
                rating: { price: 0.02 },
                groupby: { id: "vm-1", project_id: "acme" },
                metadata: { flavor_name: "small" },
              },
            ],
          },
        },
      ],
    });
    expect(second).toMatchObject({ total: 6 });
  });
});

describe("a reader", () => {
  const READABLE = [
    "/v1/info/config",
    "/v1/info/metrics",
    "/v1/report/total?tenant_id=PROJECT",
    "/v1/report/summary?tenant_id=PROJECT&groupby=res_type,tenant_id",
    "/v1/report/summary?groupby=res_type,tenant_id",
    "/v1/storage/dataframes?tenant_id=PROJECT",
    "/v1/storage/dataframes",
    "/v2/summary?groupby=project_id,type,id&filters=project_id:PROJECT",
    "/v2/summary?groupby=project_id,type,id",
    "/v2/summary?groupby=time&filters=id:striped-vm",
    "/v2/dataframes?filters=project_id:PROJECT",
    "/v2/dataframes",
  ];
  const MONEY_ONLY = [
    "/v1/report/tenants",
    "/v2/scope",
    "/v2/task/reprocesses",
    "/v2/rating/modules",
    "/v1/rating/modules",
    "/v1/rating/module_config/hashmap/mappings",
  ];
  const point = {
    vol: { unit: "x", qty: 1 },
    rating: { price: 1 },
    groupby: { project_id: "zebra", id: "striped-vm" },
    metadata: {},
  };

  async function opened(withForeign: boolean): Promise<Api> {
    const made = await cloud();
    await made.say(lived("acme", "vm-1", march(1), march(2)));
    if (withForeign)
      await made.say([
        ...lived("zebra", "striped-vm", march(1), march(2)),
        ...sent("zebra", "striped-vm", march(1), march(2), 5n),
      ]);
    const both = await api(made, undefined, () => at(march(3)));
    if (withForeign)
      await both.ask("admin", "/rating/v2/dataframes", {
        method: "POST",
        payload: { dataframes: [{ period: { begin: zulu(march(1)), end: zulu(march(1, 1)) }, usage: { m: [point] } }] },
      });
    return both;
  }

  it("is told nothing of a foreign project, and answered as if it were not there", async () => {
    const both = await opened(true);
    const alone = await opened(false);
    for (const path of READABLE)
      for (const project of ["zebra", "nobody", "acme"]) {
        const url = `/rating${path.replace("PROJECT", project)}`;
        const [answer, other] = [await both.ask("reader", url), await alone.ask("reader", url)];

        expect(answer.body, url).not.toMatch(/zebra|striped/);
        expect([answer.statusCode, answer.body], url).toEqual([other.statusCode, other.body]);
      }
    expect((await both.ask("admin", "/rating/v2/summary?groupby=project_id,id")).body).toMatch(/zebra.*striped-vm/);
  });

  it("may see no rule, scope or task, and change nothing", async () => {
    const both = await opened(true);
    for (const path of MONEY_ONLY) expect((await both.ask("reader", `/rating${path}`)).statusCode, path).toBe(403);
    for (const [method, path] of [
      ["POST", "/v2/dataframes"],
      ["PUT", "/v2/scope"],
      ["POST", "/v2/task/reprocesses"],
      ["PUT", "/v2/rating/modules/hashmap"],
      ["POST", "/v1/rating/module_config/hashmap/services"],
      ["POST", "/v1/rating/module_config/pyscripts/scripts"],
      ["POST", "/v1/collector/mappings"],
    ] as const)
      for (const role of ["reader", "finance"] as const)
        expect((await both.ask(role, `/rating${path}`, { method, payload: {} })).statusCode, path).toBe(403);
  });

  it("without a token is told so in CloudKitty's words", async () => {
    const answer = await (await opened(false)).ask(undefined, "/rating/v2/summary");

    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Keystone uri=/);
    expect(answer.json()).toMatchObject({ error: { code: 401, title: "Unauthorized" } });
  });
});
