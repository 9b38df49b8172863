import { at, iso, lengthMs } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isZone, monthBefore, monthMs, monthName, monthNamed, monthOf } from "./months.ts";

describe("a calendar month", () => {
  it.each([
    ["2026-03", "UTC", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"],
    ["2026-03", "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"],
    ["2026-12", "Asia/Kolkata", "2026-11-30T18:30:00Z", "2026-12-31T18:30:00Z"],
    ["2028-02", "America/New_York", "2028-02-01T05:00:00Z", "2028-03-01T05:00:00Z"],
  ])("%s in %s runs from midnight to midnight of its zone", (name, zone, start, end) => {
    const month = monthNamed(name, zone);

    expect([iso(month.start), iso(month.end)]).toEqual([start, end]);
  });

  it("is an hour shorter where clocks go forward and an hour longer where they go back", () => {
    const hours = (name: string) => lengthMs(monthNamed(name, "Europe/Berlin")) / 3_600_000;

    expect([hours("2026-03"), hours("2026-10"), hours("2026-05")]).toEqual([743, 745, 744]);
  });

  it("tiles time with its neighbours, in every zone and at every instant", () => {
    const zones = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/Sao_Paulo",
      "Asia/Kathmandu",
      "Pacific/Apia",
      "Australia/Lord_Howe",
    );
    const instants = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2090, 0, 1) }).map(at);
    fc.assert(
      fc.property(instants, zones, (moment, zone) => {
        const month = monthOf(moment, zone);

        expect(month.start <= moment && moment < month.end).toBe(true);
        expect(monthBefore(month, zone).end).toBe(month.start);
        expect(monthNamed(monthName(month, zone) ?? "", zone)).toEqual(month);
      }),
    );
  });

  it("gives a price per month the length of the month itself", () => {
    expect(monthMs(monthNamed("2026-02", "UTC"), "UTC")).toBe(28n * 86_400_000n);
  });

  it("has no name for a period that is no whole month", () => {
    const { start, end } = monthNamed("2026-03", "UTC");

    expect(monthName({ start, end: at(end - 1) }, "UTC")).toBeUndefined();
    expect(monthName({ start, end }, "Europe/Berlin")).toBeUndefined();
  });

  it.each(["2026-13", "2026-3", "March", "2026-03-01", ""])("is never read out of %j", (name) => {
    expect(() => monthNamed(name, "UTC")).toThrow(RangeError);
  });

  it("exists only in zones that exist", () => {
    expect([isZone("Europe/Berlin"), isZone("UTC"), isZone("Mars/Olympus")]).toEqual([true, true, false]);
  });
});
