import { EVERYTHING, instant, type Period, projects } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import type { Ledger } from "../ledger.ts";
import type { RatedPoint } from "./records.ts";

const hour = (of: number): Period => ({
  start: instant(`2026-03-01T0${of}:00:00Z`),
  end: instant(`2026-03-01T0${of + 1}:00:00Z`),
});

const DAY: Period = { start: instant("2026-03-01T00:00:00Z"), end: instant("2026-03-02T00:00:00Z") };

const point = (project: string, id: string, of: number, more: Partial<RatedPoint> = {}): RatedPoint => ({
  type: "instance",
  period: hour(of),
  project,
  unit: "instance",
  quantity: "1",
  price: "0.1",
  groupby: { project_id: project, id },
  metadata: { flavor_name: "small" },
  ...more,
});

const ALL = { period: DAY, filters: new Map<string, readonly string[]>() };
const PAGE = { offset: 0, limit: 100 };

/** What a ledger promises of the records that CloudKitty's API keeps. */
export function describeRatingRecords(opened: () => Promise<{ readonly ledger: Ledger }>): void {
  describe("9. rating records", () => {
    it("are added in one order, and come back as they were written", async () => {
      const { ledger } = await opened();

      expect(await ledger.addRatingRecords(0n, [{ kind: "service", key: "s", document: '{"b":1,"a":2}' }])).toBe(true);
      expect(await ledger.addRatingRecords(1n, [{ kind: "field", key: "f", document: "{}" }])).toBe(true);

      expect(await ledger.ratingRecords()).toMatchObject([
        { sequence: 1n, kind: "service", key: "s", document: '{"b":1,"a":2}' },
        { sequence: 2n, kind: "field", key: "f", document: "{}" },
      ]);
    });

    it("refuse whoever has not read the last of them, and write nothing then", async () => {
      const { ledger } = await opened();
      const record = { kind: "service", key: "s", document: "{}" };

      const won = await Promise.all(Array.from({ length: 5 }, () => ledger.addRatingRecords(0n, [record, record])));

      expect(won.filter((mine) => mine)).toHaveLength(1);
      expect(await ledger.ratingRecords()).toHaveLength(2);
    });

    it("keep a point once, however often it comes; the last word counts", async () => {
      const { ledger } = await opened();
      await ledger.keepPoints([point("acme", "vm-1", 0), point("acme", "vm-1", 0, { price: "0.2" })]);
      await ledger.keepPoints([point("acme", "vm-1", 0, { price: "0.3" }), point("acme", "vm-1", 1)]);

      expect(await ledger.points(ALL, PAGE, EVERYTHING)).toEqual({
        total: 2,
        points: [point("acme", "vm-1", 0, { price: "0.3" }), point("acme", "vm-1", 1)],
      });
      expect(await ledger.points(ALL, { offset: 1, limit: 1 }, EVERYTHING)).toMatchObject({
        total: 2,
        points: [{ period: hour(1) }],
      });
    });

    it("add points up exactly, by any attribute, and find them by any", async () => {
      const { ledger } = await opened();
      const volume = {
        type: "volume.size",
        metadata: {},
        quantity: "0.333333333333333333333333333",
        price: "0.0000000000333333333333333333333333333",
      };
      await ledger.keepPoints([
        ...Array.from({ length: 9 }, (_, index) => point("acme", `vm-${index}`, index)),
        point("acme", "vm-0", 0, volume),
        point("acme", "vm-0", 1, volume),
      ]);

      expect(await ledger.pointSums(ALL, ["type"], EVERYTHING)).toEqual([
        { by: ["instance"], quantity: "9", price: "0.9" },
        {
          by: ["volume.size"],
          quantity: "0.666666666666666666666666666",
          price: "0.0000000000666666666666666666666666666",
        },
      ]);
      expect(await ledger.pointSums(ALL, ["flavor_name", "time"], EVERYTHING)).toHaveLength(11);
      expect(
        await ledger.pointSums(
          {
            ...ALL,
            filters: new Map([
              ["id", ["vm-0", "vm-1"]],
              ["type", ["instance"]],
            ]),
          },
          [],
          EVERYTHING,
        ),
      ).toEqual([{ by: [], quantity: "2", price: "0.2" }]);
      expect(await ledger.pointSums({ ...ALL, filters: new Map([["id", ["nothing"]]]) }, [], EVERYTHING)).toEqual([]);
    });

    it("show nothing of a project outside the scope, not in a count either", async () => {
      const { ledger } = await opened();
      await ledger.keepPoints([point("acme", "vm-1", 0), point("zebra", "vm-2", 0)]);

      for (const [scope, seen] of [
        [EVERYTHING, ["acme", "zebra"]],
        [projects("acme"), ["acme"]],
        [projects(), []],
      ] as const) {
        expect((await ledger.points(ALL, PAGE, scope)).total).toBe(seen.length);
        expect((await ledger.pointSums(ALL, ["project_id"], scope)).map(({ by }) => by[0])).toEqual(seen);
        expect(await ledger.pointProjects(scope)).toEqual(seen);
      }
    });
  });
}
