import { EVERYTHING, type IssuedInvoice, iso, meterNamed, type Sample, type Usage } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { deltaOf, sampleOf, WireError } from "@raingauge/wire";
import type { Finding } from "./compare.ts";
import type { Frozen } from "./redraft.ts";

/**
 * Readings that are not what their own identity says: altered where they rest. Most alterations change a usage and are
 * found by measuring again; this finds those that change nothing yet, and tells which reading it was. Readings of other
 * projects are looked at too, for they may end a hold; of an unaltered one nothing is told.
 */
export async function forgedReadings(
  store: Pick<SampleStore, "series">,
  { pins }: IssuedInvoice,
  frozen: Frozen,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { usage, position } of subjects(frozen)) {
    const { meter, region, resource, period } = usage;
    const readings = await store.series({ meter, region, resource, period, asOf: pins.watermark }, EVERYTHING);
    findings.push(...readings.filter(isForged).map((reading) => finding(reading, position)));
  }
  return findings;
}

/** Each line's series once, however many usages come of it. */
function subjects(frozen: Frozen): { readonly usage: Usage; readonly position: number }[] {
  const all = [...frozen.entries()].flatMap(([position, usages]) => usages.map((usage) => ({ usage, position })));
  const key = ({ usage, position }: (typeof all)[number]) =>
    JSON.stringify([position, usage.region, usage.meter, usage.resource]);
  return [...new Map(all.map((subject) => [key(subject), subject])).values()];
}

function isForged(reading: Sample): boolean {
  try {
    return identityOf(reading) !== reading.id;
  } catch (error) {
    if (error instanceof WireError) return true;
    throw error;
  }
}

const identityOf = ({ id: _, ...reading }: Sample): string =>
  (meterNamed(reading.meter)?.kind === "delta" ? deltaOf(reading) : sampleOf(reading)).id;

const finding = ({ id, meter, resource, at: moment }: Sample, position: number): Finding => {
  const sentence = `reading ${id} of ${meter} on ${resource} at ${iso(moment)} is not what it was when it was taken`;
  return position === 0
    ? { check: "reading", sentence }
    : { check: "reading", line: position, sentence: `line ${position}: ${sentence}` };
};
