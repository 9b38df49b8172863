import { durationOf, QueryError } from "@raingauge/promql";
import { z } from "zod";

/** A parameter that may be repeated comes as one text or as several. */
const Several = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === "string" ? [given] : given))
  .optional();

const Limit = z.string().optional().describe("At most so many; 0 or absent for all.");
const Time = z.string().describe("Unix seconds, with decimals if need be, or RFC 3339.");

export const InstantParameters = z.object({
  query: z.string(),
  time: Time.optional(),
  timeout: z.string().optional(),
  lookback_delta: z.string().optional(),
});

export const RangeParameters = z.object({
  query: z.string(),
  start: Time,
  end: Time,
  step: z.string().describe("Seconds, or a duration such as 5m."),
  timeout: z.string().optional(),
  lookback_delta: z.string().optional(),
});

export const SeriesParameters = z.object({
  "match[]": Several,
  start: Time.optional(),
  end: Time.optional(),
  limit: Limit,
});

export type SeriesQuery = z.output<typeof SeriesParameters>;

/** Milliseconds since the epoch. */
export function timeOf(text: string, name: string): number {
  const seconds = Number(text);
  const ms = text.trim() === "" ? Number.NaN : Number.isNaN(seconds) ? Date.parse(text) : Math.round(seconds * 1_000);
  if (Number.isNaN(ms)) throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  return ms;
}

/** Milliseconds. */
export function spanOf(text: string, name: string): number {
  const seconds = Number(text);
  const ms = text.trim() === "" ? undefined : Number.isNaN(seconds) ? durationOf(text) : Math.round(seconds * 1_000);
  if (ms === undefined) throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
  return ms;
}

export const limitOf = (text: string | undefined): number => {
  const limit = Number(text ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw invalid("limit", "limit must be non-negative");
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
};

const invalid = (name: string, says: string): QueryError =>
  new QueryError("bad_data", `invalid parameter ${JSON.stringify(name)}: ${says}`);
