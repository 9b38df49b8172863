import { z } from "zod";
import { exactNumber, Written } from "./number.ts";
import type { Refused, Told } from "./told.ts";

const Moment = z.string().describe("RFC 3339 with its zone, e.g. 2026-11-01T00:00:00Z.");
const Name = z.string().min(1).max(1_000);

/** One reading as `POST /v1/samples` takes it. */
export const OutsideSample = z.strictObject({
  meter: Name.describe("A meter's name or alias; GET /v1/meters lists them."),
  resource: Name,
  project: Name,
  region: Name.optional().describe("The region that this API was configured with, where absent."),
  at: Moment,
  value: z
    .string()
    .regex(/^\d{1,30}(\.\d{1,30})?$/, "not decimal digits")
    .describe("Decimal digits. Whole in the meter's base unit, where a price may hang on it."),
  unit: z
    .string()
    .optional()
    .describe("The meter's base unit, or the one that it is shown in; the base unit where absent."),
  dimensions: z
    .record(z.string().max(100), z.string().max(1_000))
    .optional()
    .describe("All of what a price may name. Without them the reading says that the resource was there, and no more."),
  stance: z
    .enum(["states", "sights", "ends"])
    .optional()
    .describe("`ends` is the resource's final end: later readings change nothing."),
  source: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,62}$/, "not a word such as backup-agent")
    .optional()
    .describe("Who says it; `api` where absent. Readings of two sources are two readings."),
  id: Name.optional().describe("Names a difference (a meter of kind delta), which counts once by it."),
  counter: z
    .strictObject({ host: Name.optional(), device: z.string().max(1_000).optional(), startedAt: Moment.optional() })
    .optional()
    .describe("Of a counter: where it counts, what, and since when. A drop under the same three is a new baseline."),
});

/** A reading as it was posted; its value may be a JSON number too. Pure. */
export function toldByItself(item: unknown): Told | Refused {
  const read = OutsideSample.safeParse(asText(item));
  if (!read.success) {
    const [issue] = read.error.issues;
    return { code: "malformed", says: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a reading"}` };
  }
  const { value, source = "api", counter, ...rest } = read.data;
  const exact = exactNumber(value);
  if (exact === undefined) return { code: "malformed", says: "value: not decimal digits" };
  return { ...rest, value: exact, source, ...(counter === undefined ? {} : { counter: present(counter) }) };
}

const present = ({ host, device, startedAt }: NonNullable<z.output<typeof OutsideSample>["counter"]>) => ({
  ...(host === undefined ? {} : { host }),
  ...(device === undefined ? {} : { device }),
  ...(startedAt === undefined ? {} : { startedAt }),
});

const asText = (item: unknown): unknown => {
  if (typeof item !== "object" || item === null) return item;
  const { value } = item as { readonly value?: unknown };
  return value instanceof Written ? { ...item, value: value.text } : item;
};
