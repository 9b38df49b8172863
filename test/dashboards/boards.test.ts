import { BOARDS } from "@raingauge/dashboards";
import { describeWith, prometheusServer, type Server } from "@raingauge/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grafana, over } from "./asking.ts";
import { allSeries, openMetrics } from "./cloud.ts";
import { engine } from "./engine.ts";
import { panelsAnswer, shown, sum } from "./panels.ts";

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
  panelsAnswer(BOARDS, asked);

  describe("what must be equal is equal", () => {
    const panel = (uid: string, id: number, index = 0) => shown(asked(), uid, id, index);

    it("the cost of a project board is that of its resources together, to the last part of a cent", async () => {
      expect(sum(await panel("raingauge-project", 401))).toBe(sum(await panel("raingauge-project", 101)));
    });

    it("the explorer's total is what its top and its rest come to", async () => {
      const total = sum(await panel("raingauge-cost-explorer", 101));

      expect(total).toBe(
        sum(await panel("raingauge-cost-explorer", 201)) + sum(await panel("raingauge-cost-explorer", 104)),
      );
      expect(total).toBeGreaterThan(100);
    });

    it("the explorer and the project board show the same seven days", async () => {
      expect(sum(await panel("raingauge-cost-explorer", 101))).toBe(sum(await panel("raingauge-project", 101)));
    });

    it("documents add up to their revenue, and net and tax to the total", async () => {
      expect(sum(await panel("raingauge-finance", 102))).toBe(640);
      expect(sum(await panel("raingauge-finance", 306))).toBe(0);
    });

    it("every stage accounts for what it received", async () => {
      expect(sum(await panel("raingauge-pipeline", 305, 0))).toBe(0);
      expect(sum(await panel("raingauge-pipeline", 305, 1))).toBe(0);
    });
  });
}
