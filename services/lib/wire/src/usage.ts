import type { End, Evidence, Usage } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256, writer } from "./canonical.ts";
import { count, dimensions, moment, period, read, whole } from "./field.ts";
import { counted, momentText, periodWriter, textual, wholeDigits } from "./written.ts";

export const EvidenceDocument = z.strictObject({
  readings: count,
  observedMs: count,
  inferredMs: count,
  afterEnd: count,
  counterDropped: count,
  end: z.exactOptional(z.strictObject({ at: moment, kind: z.enum(["final", "inferred"]) })),
});

export const UsageDocument = z.strictObject({
  region: z.string(),
  project: z.string(),
  meter: z.string(),
  resource: z.string(),
  dimensions,
  period,
  quantity: whole,
  evidence: EvidenceDocument,
});

/**
 * Usages as they are frozen behind an invoice's line. In canonical order, because a line does not care in which order a
 * store happened to measure.
 */
export const encodeUsages = (usages: readonly Usage[]): string =>
  `[${usages.map(encodeUsage).toSorted(byCodeUnit).join(",")}]`;

export const decodeUsages = (text: string): Usage[] => read(z.array(UsageDocument), text);

/** What an invoice says of the usages behind a line: alter one of them, and it says otherwise. */
export const usageDigest = (usages: readonly Usage[]): string => sha256(encodeUsages(usages));

export const writeEvidence = writer<Evidence>({
  readings: counted,
  observedMs: counted,
  inferredMs: counted,
  afterEnd: counted,
  counterDropped: counted,
  end: writer<End>({ at: momentText, kind: textual }),
});

const encodeUsage = writer<Usage>({
  region: textual,
  project: textual,
  meter: textual,
  resource: textual,
  dimensions: canonical,
  period: periodWriter(),
  quantity: wholeDigits,
  evidence: writeEvidence,
});

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
