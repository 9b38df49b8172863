import type { Coverage } from "@raingauge/domain";
import { z } from "zod";
import { WireError } from "./error.ts";
import { checkInstant, checkName } from "./limits.ts";

export const CoverageDocument = z.strictObject({
  region: z.string(),
  source: z.string(),
  agent: z.string(),
  start: z.int(),
  end: z.int(),
  confirms: z.exactOptional(z.strictObject({ resourceTypes: z.array(z.string()), limitSeconds: z.int().min(1) })),
});
export type CoverageDocument = z.infer<typeof CoverageDocument>;

export function coverageOf(documents: readonly CoverageDocument[]): Coverage[] {
  return documents.map(({ start, end, ...said }, index): Coverage => {
    checkName(said.region, `coverage.${index}.region`);
    checkInstant(start, `coverage.${index}.start`);
    checkInstant(end, `coverage.${index}.end`);
    if (end < start) throw new WireError("malformed", "ends before it starts", `coverage.${index}`);
    return { ...said, period: { start, end } };
  });
}
