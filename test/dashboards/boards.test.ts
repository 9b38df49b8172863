import { BOARDS, type Panel, panelsOf } from "@raingauge/dashboards";
import { describeWith, prometheusServer, type Server } from "@raingauge/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Grafana, over } from "./asking.ts";
import { allSeries, openMetrics } from "./cloud.ts";
import { engine } from "./engine.ts";

await describeWith("prometheus", "every query of every board, asked of a Prometheus that holds a known cloud", () => {
  let server: Server;
  let grafana: Grafana;

  beforeAll(async () => {
    server = await prometheusServer(openMetrics());
    grafana = new Grafana(over(server.url));
  });
  afterAll(() => server?.stop());

  answersAsItShould(() => grafana);
});

describe("every query of every board, asked of our own engine over the same cloud", () => {
  answersAsItShould(() => ours);
  const ours = new Grafana(engine(allSeries()));
});

function answersAsItShould(asked: () => Grafana): void {
  describe.each(BOARDS)("$uid", (board) => {
    it.each(panelsOf(board).filter(({ queries }) => queries.length > 0))(
      "$id $title has something to show, and it can be true",
      async (panel) => {
        const variables = await asked().choices(board);

        const answers = await Promise.all(panel.queries.map((query) => asked().ask(board, panel, query, variables)));

        if (panel.mayBeEmpty === undefined) {
          expect(
            answers.every((answer) => answer.length > 0),
            JSON.stringify(variables),
          ).toBe(true);
          expect(
            answers
              .flat()
              .flatMap(({ values }) => values)
              .filter((value) => !Number.isFinite(value)),
          ).toEqual([]);
        }
        for (const value of answers.flat().flatMap(({ values }) => values))
          expect(possible(panel, value), String(value)).toBe(true);
        expect(answers.flat().length).toBeLessThan(500);
      },
    );
  });

  describe("what must be equal is equal", () => {
    const shown = async (uid: string, id: number, index = 0): Promise<readonly Answer[]> => {
      const board = BOARDS.find((candidate) => candidate.uid === uid)!;
      const panel = panelsOf(board).find((candidate) => candidate.id === id)!;
      return asked().ask(board, panel, panel.queries[index]!, await asked().choices(board));
    };
    const sum = (answers: readonly Answer[]): number =>
      answers.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);

    it("the cost of a project board is that of its resources together, to the last part of a cent", async () => {
      expect(sum(await shown("raingauge-project", 401))).toBe(sum(await shown("raingauge-project", 101)));
    });

    it("the explorer's total is what its top and its rest come to", async () => {
      const total = sum(await shown("raingauge-cost-explorer", 101));

      expect(total).toBe(
        sum(await shown("raingauge-cost-explorer", 201)) + sum(await shown("raingauge-cost-explorer", 104)),
      );
      expect(total).toBeGreaterThan(100);
    });

    it("the explorer and the project board show the same seven days", async () => {
      expect(sum(await shown("raingauge-cost-explorer", 101))).toBe(sum(await shown("raingauge-project", 101)));
    });

    it("documents add up to their revenue, and net and tax to the total", async () => {
      expect(sum(await shown("raingauge-finance", 102))).toBe(640);
      expect(sum(await shown("raingauge-finance", 306))).toBe(0);
    });

    it("every stage accounts for what it received", async () => {
      expect(sum(await shown("raingauge-pipeline", 305, 0))).toBe(0);
      expect(sum(await shown("raingauge-pipeline", 305, 1))).toBe(0);
    });
  });
}

/** Within what its unit allows; a change may be anything. */
function possible({ unit, title, look }: Panel, value: number): boolean {
  if (Number.isNaN(value) || /change|difference|against|before|days/i.test(title)) return true;
  if (unit === "percent") return value >= 0 && value <= 100;
  if (unit === "percentunit") return value >= 0 && value <= (look.max ?? 10);
  return value >= 0;
}
