import { at, type Instant } from "@raingauge/domain";
import { beforeEach, describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { APRIL, BOOK, busyCloud, type Cloud, cloud, lived, MARCH, march } from "../fixtures/cloud.ts";

interface Told {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function told({ ask }: Pick<Api, "ask">, query: string, moment: Instant): Promise<Told> {
  const fields = new URLSearchParams({ query, time: String(moment / 1_000) });
  return (await ask("finance", `/prometheus/api/v1/query?${fields}`)).json();
}

interface Row {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

const numberOf = ({ data }: Told): number => Number(data.result[0]?.value[1]);

describe("what a query says besides its numbers", () => {
  it("is nothing where there is nothing to say", async () => {
    const asked = await api();

    const answer = await told(asked, "sum(raingauge_cost_month_to_date)", MARCH.end);

    expect(answer).not.toHaveProperty("warnings");
    expect(answer).not.toHaveProperty("infos");
  });

  it("is which meters have no price", async () => {
    const prices = BOOK.prices.filter(({ meter }) => meter !== "ip.floating");
    const asked = await api(await busyCloud({ ...BOOK, prices }));

    const answer = await told(asked, "sum(raingauge_cost_month_to_date)", MARCH.end);

    expect(answer.warnings).toEqual(["not rated: no price says what some usage of ip.floating costs"]);
  });

  it("is that a month has no price book", async () => {
    const asked = await api();

    const answer = await told(asked, "sum(raingauge_cost_month_to_date)", at(Date.UTC(2025, 5, 15)));

    expect(answer.warnings).toEqual([expect.stringMatching(/^not rated: no price book named standard .* 2025-06$/)]);
  });

  it("is that windows are days, where too many hours would be looked at one by one", async () => {
    const asked = await api();

    const daily = await told(asked, "sum(count_over_time(raingauge_cost[20d]))", MARCH.end);
    const hourly = await told(asked, "sum(count_over_time(raingauge_cost[7d]))", MARCH.end);

    expect(daily.infos).toEqual(["windows are whole days here: more than eight days are looked at"]);
    expect(hourly).not.toHaveProperty("infos");
  });
});

describe("a month that was closed", () => {
  let made: Cloud;
  let asked: Api;
  const COST = "sum(sum_over_time(raingauge_cost[31d]))";

  beforeEach(async () => {
    made = await busyCloud();
    asked = await api(made);
    await asked.ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  });

  it("goes on costing what was frozen, and says that something came later", async () => {
    await made.say(lived("acme", "vm-late", march(15), march(16)));

    const month = await told(asked, "sum(raingauge_cost_month_to_date)", MARCH.end);
    const windows = await told(asked, COST, MARCH.end);

    expect(numberOf(month)).toBeCloseTo(7.2, 12);
    expect(numberOf(windows)).toBeCloseTo(7.2, 12);
    for (const { warnings } of [month, windows])
      expect(warnings).toEqual(["late data: readings of acme came after 2026-03 was closed, and are not in it"]);
  });

  it("costs what its documents say, project by project", async () => {
    const answer = await told(
      asked,
      'sum by (project) (raingauge_cost_month_to_date) - on (project) sum by (project) (raingauge_invoice_amount{kind="net"} offset -3d)',
      MARCH.end,
    );

    expect(answer.data.result.map(({ value }) => value[1])).toEqual(["0", "0"]);
  });
});

describe("sums over windows", () => {
  it("of several lengths in one query are those that each comes to by itself", async () => {
    const { ask } = await api(await busyCloud());
    const answer = async (query: string): Promise<readonly Row[]> => {
      // Windows of either length begin before the month does.
      const grid = { start: String(march(1, 1) / 1_000), end: String(march(3) / 1_000), step: "43200" };
      return (await ask("finance", `/prometheus/api/v1/query_range?${new URLSearchParams({ query, ...grid })}`)).json()
        .data.result;
    };
    const sum = (range: string): string => `sum(sum_over_time(raingauge_usage{meter="instance"}[${range}]))`;

    const [six, three] = [await answer(sum("6h")), await answer(sum("3h"))];
    const both = await answer(`${sum("6h")} - ${sum("3h")}`);
    const turned = await answer(`${sum("3h")} - ${sum("6h")}`);

    const difference = (six[0]?.values ?? []).map(
      ([, value], step) => Number(value) - Number(three[0]?.values[step]?.[1]),
    );
    expect(difference.length).toBeGreaterThan(3);
    expect(both[0]?.values.map(([, value]) => Number(value))).toEqual(difference);
    expect(turned[0]?.values.map(([, value]) => 0 - Number(value))).toEqual(difference);
  });

  it.each([
    { range: "3h", step: 7_200, offset: "", by: "" },
    { range: "1h", step: 5_400, offset: "", by: " by (service)" },
    { range: "5h", step: 4_321, offset: " offset 17m", by: " by (project, resource)" },
    { range: "1d", step: 43_200, offset: " offset -1d", by: " without (resource)" },
  ])(
    "of $range at steps of $step s, in '$offset $by', are those of the hours, however they are put together",
    async ({ range, step, offset, by }) => {
      const other = await cloud();
      await other.say([
        ...lived("acme", "vm-1", march(28, 3), at(APRIL - 90 * 60_000)),
        ...lived("acme", "vm-2", march(30, 20), march(31, 9)),
      ]);
      const { ask } = await api(other);
      const answer = async (query: string) => {
        const grid = { start: String(march(30) / 1_000 + 700), end: String(APRIL / 1_000), step: String(step) };
        const { data } = (
          await ask("finance", `/prometheus/api/v1/query_range?${new URLSearchParams({ query, ...grid })}`)
        ).json();
        return data.result as readonly Row[];
      };

      for (const name of ["raingauge_cost", "raingauge_usage"]) {
        const quick = await answer(`sum${by} (sum_over_time(${name}[${range}]${offset}))`);
        // Of a mean nothing is known beforehand, so each hour is looked at.
        const slow = await answer(
          `sum${by} (avg_over_time(${name}[${range}]${offset}) * count_over_time(${name}[${range}]${offset}))`,
        );

        expect(quick.map(({ metric }) => metric)).toEqual(slow.map(({ metric }) => metric));
        for (const [index, { values }] of quick.entries()) {
          const others = slow[index]?.values ?? [];
          expect(values.map(([at]) => at)).toEqual(others.map(([at]) => at));
          for (const [step, [, value]] of values.entries())
            expect(Number(value)).toBeCloseTo(Number(others[step]?.[1]), 9);
        }
      }
    },
  );
});
