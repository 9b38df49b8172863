import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  at,
  contains,
  HOUR_MS,
  hourOf,
  type Instant,
  instant,
  iso,
  overlapMs,
  SECOND_MS,
  wholeSecond,
} from "./instant.ts";

/** The years 0000 to 9999. */
const anyInstant: fc.Arbitrary<Instant> = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }).map(at);

describe("an instant", () => {
  it("is written as it is read", () => {
    fc.assert(
      fc.property(anyInstant, (moment) => {
        expect(instant(iso(moment))).toBe(moment);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it("is read as the platform reads it", () => {
    fc.assert(
      fc.property(anyInstant, (moment) => {
        const text = new Date(moment).toISOString();

        expect(instant(text)).toBe(Date.parse(text));
        expect(Date.parse(iso(moment))).toBe(moment);
      }),
      { numRuns: runs(2_000) },
    );
  });

  const read = [
    ["2026-01-15T12:00Z", "2026-01-15T12:00:00.000Z"],
    ["2026-01-15T12:00:01.999999Z", "2026-01-15T12:00:01.999Z"],
    ["2026-01-15T12:00:01.9Z", "2026-01-15T12:00:01.900Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"],
  ] as const;
  it.each(read)("reads %s as %s", (text, expected) => {
    expect(instant(text)).toBe(Date.parse(expected));
  });

  it.each([
    "2026-01-15T12:00:00",
    "2026-01-15T12:00:00+01:00",
    "2026-01-15",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-15T24:00:00Z",
    "2026-01-15T12:60:00Z",
    "2026-01-15T12:00:61Z",
    "yesterday",
    "",
  ])("refuses %j, which is no instant in UTC", (text) => {
    expect(() => instant(text)).toThrow(RangeError);
  });

  it("is cut to its second and its hour, before 1970 too", () => {
    fc.assert(
      fc.property(anyInstant, (moment) => {
        expect(moment - wholeSecond(moment)).toSatisfy((ms: number) => 0 <= ms && ms < SECOND_MS);
        expect(moment - hourOf(moment)).toSatisfy((ms: number) => 0 <= ms && ms < HOUR_MS);
        expect(iso(hourOf(moment))).toMatch(/T\d\d:00:00Z$/);
      }),
    );
  });
});

describe("a period", () => {
  const noon = { start: instant("2026-01-15T12:00Z"), end: instant("2026-01-15T13:00Z") };

  it("holds its start and not its end", () => {
    expect([contains(noon, noon.start), contains(noon, noon.end)]).toEqual([true, false]);
  });

  it("shares with another what both have, and never less than nothing", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100), (a, b, c, d) => {
        const [one, other] = [
          { start: at(a), end: at(a + b) },
          { start: at(c), end: at(c + d) },
        ];
        const shared = Array.from({ length: 200 }, (_, ms) => at(ms)).filter(
          (ms) => contains(one, ms) && contains(other, ms),
        );

        expect(overlapMs(one, other)).toBe(shared.length);
      }),
    );
  });
});
