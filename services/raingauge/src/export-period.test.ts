import { iso } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { periodToExport } from "./export-period.ts";

describe("the period of an export", () => {
  it.each([
    [{ period: "2026-01" }, "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"],
    [{ period: "2026-01-05/2026-01-12" }, "2026-01-05T00:00:00.000Z", "2026-01-12T00:00:00.000Z"],
    [{ period: "2026-01-05T08:30:00Z/2026-03-01" }, "2026-01-05T08:30:00.000Z", "2026-03-01T00:00:00.000Z"],
    [{ from: "2025-12" }, "2025-12-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"],
    [{ from: "2025-12", to: "2026-02" }, "2025-12-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"],
  ])("%j is from %s to before %s", (options, start, end) => {
    const period = periodToExport(options);

    expect([period.start, period.end].map((moment) => iso(moment))).toEqual(
      [start, end].map((text) => text.replace(".000", "")),
    );
  });

  it.each([
    [{}, "say what is to be written"],
    [{ to: "2026-01" }, "say what is to be written"],
    [{ period: "2026-01", from: "2026-01" }, "not by both"],
    [{ period: "2026-01-05" }, "not a month, as 2026-01: 2026-01-05"],
    [{ period: "2026-01-12/2026-01-05" }, "the period ends before it has begun"],
    [{ period: "2026-01-05/2026-01-05" }, "the period ends before it has begun"],
    [{ period: "2026-01-05/soon" }, "neither a day nor an instant of UTC, as 2026-01-05 or 2026-01-05T08:00:00Z: soon"],
    [{ from: "2026-02", to: "2026-01" }, "the last month is before the first"],
  ])("%j is refused: %s", (options, reason) => {
    expect(() => periodToExport(options)).toThrow(reason);
  });
});
