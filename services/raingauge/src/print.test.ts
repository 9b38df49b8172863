import { describe, expect, it } from "vitest";
import { dayIn } from "./print.ts";

describe("a bill on a terminal", () => {
  it.each([
    { instant: "2026-02-28T23:00:00Z", zone: "Europe/Berlin", day: "2026-03-01" },
    { instant: "2026-03-31T22:00:00Z", zone: "Europe/Berlin", day: "2026-04-01" },
    { instant: "2026-03-01T05:00:00Z", zone: "America/Chicago", day: "2026-02-28" },
    { instant: "2026-02-28T18:30:00Z", zone: "Asia/Kolkata", day: "2026-03-01" },
    { instant: "2026-03-01T00:00:00Z", zone: "UTC", day: "2026-03-01" },
  ])("says of $instant that it is $day in $zone", ({ instant, zone, day }) => {
    expect(dayIn(instant, zone)).toBe(day);
  });
});
