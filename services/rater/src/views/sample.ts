import { iso, type Sample } from "@raingauge/domain";
import { z } from "zod";
import { DimensionsView } from "./usage.ts";

export const SampleView = z.object({
  id: z.string(),
  region: z.string(),
  project: z.string(),
  meter: z.string(),
  resource: z.string(),
  at: z.string(),
  value: z.string().describe("In the meter's base unit; exact decimal digits."),
  origin: z.enum(["notification", "api", "poll"]),
  source: z.string(),
  stance: z.enum(["states", "sights", "ends", "vanishes"]),
  dimensions: DimensionsView,
  message: z.string().describe("The notification or poll behind it."),
  incarnation: z
    .object({ host: z.string(), device: z.string(), startedAt: z.string(), witnessed: z.boolean() })
    .optional(),
});

export const viewSample = ({
  at,
  value,
  incarnation,
  sequence: _,
  transition: __,
  ...rest
}: Sample): z.input<typeof SampleView> => ({
  ...rest,
  at: iso(at),
  value: String(value),
  ...(incarnation === undefined ? {} : { incarnation: { ...incarnation, startedAt: iso(incarnation.startedAt) } }),
});
