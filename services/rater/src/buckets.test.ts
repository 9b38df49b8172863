import { instant, iso } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { type Bucket, buckets } from "./buckets.ts";
import { api } from "./fixtures/api.ts";
import { MARCH } from "./fixtures/cloud.ts";
import { Problem } from "./problems.ts";

describe("a period is cut", () => {
  it.each<[Bucket, string, string, string, number]>([
    ["hour", "UTC", "2026-03-01T00:30:00Z", "2026-03-01T03:00:00Z", 3],
    ["day", "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 31],
    ["day", "UTC", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 32],
    ["month", "Europe/Berlin", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z", 12],
  ])("by the %s in %s from %s to %s", (bucket, zone, start, end, count) => {
    const period = { start: instant(start), end: instant(end) };

    const parts = buckets(period, bucket, zone);

    expect(parts).toHaveLength(count);
    expect([parts[0]?.start, parts.at(-1)?.end]).toEqual([period.start, period.end]);
    expect(parts.slice(1).map((part) => part.start)).toEqual(parts.slice(0, -1).map((part) => part.end));
  });

  it("so that the day on which clocks go forward has 23 hours", () => {
    const parts = buckets(MARCH, "day", "Europe/Berlin");

    expect(parts.filter(({ start, end }) => end - start === 23 * 3_600_000).map(({ start }) => iso(start))).toEqual([
      "2026-03-28T23:00:00Z",
    ]);
  });

  it("into no more parts than can be answered", () => {
    expect(() => buckets({ start: MARCH.start, end: instant("2026-05-01T00:00:00Z") }, "hour", "UTC")).toThrow(Problem);
  });
});

describe("usage by the day", () => {
  const total = (items: { quantity: string }[]) => items.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n);

  it("adds up to the month, on whatever pages it comes", async () => {
    const { ask } = await api();
    const question = "/v1/usage?period=2026-03&meter=instance&group=project";
    const month = (await ask("finance", question)).json().items;
    for (const limit of [1, 4, 1000]) {
      const items: { quantity: string; period: { start: string } }[] = [];
      let cursor: string | undefined;
      do {
        const more = cursor === undefined ? "" : `&cursor=${cursor}`;
        const page = (await ask("finance", `${question}&bucket=day&limit=${limit}${more}`)).json();
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== undefined);

      expect(items.filter(({ quantity }) => quantity !== "0")).toHaveLength(11);
      expect(total(items)).toBe(total(month));
    }
  });
});
