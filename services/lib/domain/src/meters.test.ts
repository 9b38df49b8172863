import { beforeEach, describe, expect, it, vi } from "vitest";
import { gauge } from "./meters/row.ts";
import { each } from "./meters/unit.ts";

const LICENCES = gauge("licence.seats", { of: each("seat"), type: "licence", sources: [] });

/** What was declared stays for as long as the module does, so each case has one of its own. */
const domain = (): Promise<typeof import("./meters.ts")> => import("./meters.ts");

describe("declareMeters", () => {
  beforeEach(() => {
    vi.resetModules();
  });

  it("makes a meter of an operator's as known as the others", async () => {
    const { allMeters, canonicalName, declareMeters, METERS, meterNamed } = await domain();

    declareMeters([LICENCES]);

    expect(allMeters()).toEqual([...METERS, LICENCES]);
    expect(meterNamed("licence.seats")).toBe(LICENCES);
    expect(canonicalName("licence.seats")).toBe("licence.seats");
    expect(meterNamed("licence.seat")).toBeUndefined();
  });

  it.each(["volume.size", "volume.backup.size", "backup.size"])("refuses %s, which is taken", async (name) => {
    const { declareMeters } = await domain();

    expect(() => declareMeters([{ ...LICENCES, name }])).toThrow(`two meters are called ${name}`);
  });

  it("refuses two of one name", async () => {
    const { declareMeters } = await domain();

    expect(() => declareMeters([LICENCES, LICENCES])).toThrow("two meters are called licence.seats");
  });

  it("refuses to change what was already asked for, and takes the same again", async () => {
    const { declareMeters, meterNamed } = await domain();
    declareMeters([LICENCES]);
    meterNamed("cpu");

    expect(() => declareMeters([{ ...LICENCES }])).not.toThrow();
    expect(() => declareMeters([])).toThrow("before anything asks for one");
  });

  it("refuses what comes too late", async () => {
    const { declareMeters, meterNamed } = await domain();
    meterNamed("cpu");

    expect(() => declareMeters([LICENCES])).toThrow("before anything asks for one");
  });
});
