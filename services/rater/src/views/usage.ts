import { iso, meterNamed, type Usage } from "@raingauge/domain";
import { z } from "zod";

const digits = z.string().describe("Exact decimal digits; never a float.");
const moment = z.string().describe("ISO 8601 in UTC.");

export const PeriodView = z.object({ start: moment, end: moment });
export const DimensionsView = z.record(z.string(), z.string()).readonly();

export const EvidenceView = z.object({
  readings: z.number().int(),
  seenSeconds: z.number(),
  inferredSeconds: z.number().describe("Concluded from what came before and after."),
  afterEnd: z.number().int().describe("Readings later than the final end; they change nothing."),
  counterDropped: z.number().int(),
  end: z.object({ at: moment, kind: z.enum(["final", "inferred"]) }).optional(),
});

export const UsageView = z.object({
  region: z.string(),
  project: z.string(),
  meter: z.string(),
  resource: z.string(),
  dimensions: DimensionsView,
  period: PeriodView,
  quantity: digits,
  unit: z.string().describe("The meter's base unit; for a gauge that unit times milliseconds."),
  evidence: EvidenceView,
});

export const viewUsage = ({ quantity, period, evidence, ...subject }: Usage): z.input<typeof UsageView> => ({
  ...subject,
  period: viewPeriod(period),
  quantity: String(quantity),
  unit: unitOf(subject.meter),
  evidence: viewEvidence(evidence),
});

const viewPeriod = ({ start, end }: Usage["period"]): z.input<typeof PeriodView> => ({
  start: iso(start),
  end: iso(end),
});

export const viewEvidence = ({
  end,
  observedMs,
  inferredMs,
  ...counts
}: Usage["evidence"]): z.input<typeof EvidenceView> => ({
  readings: counts.readings,
  seenSeconds: observedMs / 1_000,
  inferredSeconds: inferredMs / 1_000,
  afterEnd: counts.afterEnd,
  counterDropped: counts.counterDropped,
  ...(end === undefined ? {} : { end: { at: iso(end.at), kind: end.kind } }),
});

export function unitOf(name: string): string {
  const meter = meterNamed(name);
  if (meter === undefined) return "";
  return meter.kind === "gauge" ? `${meter.unit}·ms` : meter.unit;
}

/** Sorts as a store answers: by meter, region, resource, project and dimensions. */
export const usageKey = ({ meter, region, resource, project, dimensions }: Usage): string =>
  JSON.stringify([meter, region, resource, project, Object.entries(dimensions).toSorted()]);
