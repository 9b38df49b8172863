import { instant, iso } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { calendarOf, pinnedCalendar, remembering } from "./calendar.ts";

describe("a zone's calendar", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"],
    ["Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"],
  ])("of %s begins %s at %s", (zone, day, start) => {
    expect(iso(calendarOf(zone).startOf(day))).toBe(start);
  });

  it("remembers what it was asked, and nothing else", () => {
    const calendar = remembering(calendarOf("UTC"));

    calendar.startOf("2026-03-01");

    expect(calendar.days).toEqual({ "2026-03-01": instant("2026-03-01T00:00:00Z") });
  });

  it("that was pinned goes before what the database says by now", () => {
    const moved = instant("2026-03-01T05:00:00Z");

    const calendar = pinnedCalendar("UTC", { "2026-03-01": moved });

    expect(calendar.startOf("2026-03-01")).toBe(moved);
    expect(calendar.startOf("2026-03-02")).toBe(instant("2026-03-02T00:00:00Z"));
  });
});
