import { z } from "zod";
import { exactNumber, Written } from "./number.ts";
import { type Attributes, type Export, type Metric, type NumberPoint, sumTells } from "./otlp.ts";
import { exactFloat, type Tells } from "./points.ts";

/** OTLP's JSON writes 64-bit numbers as text, and programs write either. */
const Whole = z
  .union([z.string(), z.instanceof(Written).transform(({ text }) => text)])
  .pipe(z.string().regex(/^-?\d{1,20}$/));

const AnyValue = z.looseObject({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: Whole.optional(),
  doubleValue: z.instanceof(Written).optional(),
});

const KeyValues = z
  .array(z.looseObject({ key: z.string(), value: AnyValue.optional() }))
  .default([])
  .transform((pairs): Attributes => Object.fromEntries(pairs.map(({ key, value }) => [key, textOf(value ?? {})])));

const textOf = ({ stringValue, boolValue, intValue, doubleValue }: z.output<typeof AnyValue>): string =>
  stringValue ?? intValue ?? doubleValue?.text ?? (boolValue === undefined ? "" : String(boolValue));

const DataPoint = z
  .looseObject({
    attributes: KeyValues,
    timeUnixNano: Whole.default("0"),
    startTimeUnixNano: Whole.default("0"),
    asInt: Whole.optional(),
    asDouble: z.union([z.instanceof(Written), z.string()]).optional(),
  })
  .transform(({ attributes, timeUnixNano, startTimeUnixNano, asInt, asDouble }): NumberPoint => {
    const double = typeof asDouble === "string" ? exactFloat(Number(asDouble)) : exactNumber(asDouble?.text ?? "");
    return {
      attributes,
      nanoseconds: BigInt(timeUnixNano),
      sinceNanoseconds: BigInt(startTimeUnixNano),
      value: asInt === undefined ? double : exactNumber(asInt),
    };
  });

const Numbers = z.looseObject({ dataPoints: z.array(DataPoint).default([]) });

/** By its number or by its name, which programs write too. */
const Sums = Numbers.extend({ aggregationTemporality: z.union([z.string(), z.instanceof(Written)]).optional() });

function tellsOf(sum: z.output<typeof Sums> | undefined): Tells {
  if (sum === undefined) return "level";
  const { aggregationTemporality: said } = sum;
  const written = said instanceof Written ? said.text : said;
  return sumTells(written === "AGGREGATION_TEMPORALITY_DELTA" ? 1 : Number(written));
}

const MetricEntry = z
  .looseObject({ name: z.string(), gauge: Numbers.optional(), sum: Sums.optional() })
  .transform(({ name, gauge, sum, ...rest }): Metric => {
    const others = ["histogram", "exponentialHistogram", "summary"].filter((kind) => kind in rest);
    return { name, points: (gauge ?? sum)?.dataPoints ?? [], isNumeric: others.length === 0, tells: tellsOf(sum) };
  });

/** An `ExportMetricsServiceRequest` in OTLP's JSON, with its numbers as they were written. */
export const OtlpJson = z
  .looseObject({
    resourceMetrics: z
      .array(
        z.looseObject({
          resource: z.looseObject({ attributes: KeyValues }).optional(),
          scopeMetrics: z.array(z.looseObject({ metrics: z.array(MetricEntry).default([]) })).default([]),
        }),
      )
      .default([]),
  })
  .transform(
    ({ resourceMetrics }): Export =>
      resourceMetrics.map(({ resource, scopeMetrics }) => ({
        attributes: resource?.attributes ?? {},
        metrics: scopeMetrics.flatMap(({ metrics }) => metrics),
      })),
  );
