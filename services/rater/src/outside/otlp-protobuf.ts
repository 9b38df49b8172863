import type { Rational } from "@raingauge/domain";
import protobuf from "protobufjs/minimal.js";
import { type Attributes, type Export, type Metric, type NumberPoint, sumTells } from "./otlp.ts";
import { exactFloat } from "./points.ts";
import { bitsIn, doubleOf, type Message, messageIn, messagesIn, textIn } from "./protobuf.ts";

/** An `ExportMetricsServiceRequest`, by the numbers of opentelemetry-proto 1.x. Throws ProtobufMalformed. Pure. */
export const otlpIn = (body: Uint8Array): Export =>
  messagesIn(messageIn(body), 1).map((resourceMetrics) => ({
    attributes: attributesIn(messagesIn(resourceMetrics, 1).at(-1) ?? new Map(), 1),
    metrics: messagesIn(resourceMetrics, 2).flatMap((scope) => messagesIn(scope, 2).map(metricOf)),
  }));

const GAUGE = 5;
const SUM = 7;
/** Histogram, exponential histogram, summary. */
const OTHERS = [9, 10, 11];

const metricOf = (metric: Message): Metric => ({
  name: textIn(metric, 1),
  points: [GAUGE, SUM].flatMap((kind) =>
    messagesIn(metric, kind).flatMap((numbers) => messagesIn(numbers, 1).map(pointOf)),
  ),
  isNumeric: !OTHERS.some((kind) => metric.has(kind)),
  tells: metric.has(SUM) ? sumTells(Number(bitsIn(messagesIn(metric, SUM).at(-1) ?? new Map(), 2) ?? 0n)) : "level",
});

const pointOf = (point: Message): NumberPoint => ({
  attributes: attributesIn(point, 7),
  sinceNanoseconds: bitsIn(point, 2) ?? 0n,
  nanoseconds: bitsIn(point, 3) ?? 0n,
  value: numberIn(point),
});

function numberIn(point: Message): Rational | undefined {
  const double = bitsIn(point, 4);
  if (double !== undefined) return exactFloat(doubleOf(double));
  const whole = bitsIn(point, 6);
  return whole === undefined ? undefined : { numerator: BigInt.asIntN(64, whole), denominator: 1n };
}

const attributesIn = (message: Message, field: number): Attributes =>
  Object.fromEntries(messagesIn(message, field).map((pair) => [textIn(pair, 1), textOf(messagesIn(pair, 2)[0])]));

/** A string, a truth value, a whole number or a float; lists and maps say nothing that a rule could use. */
function textOf(value: Message | undefined): string {
  if (value === undefined) return "";
  const [bool, whole, double] = [bitsIn(value, 2), bitsIn(value, 3), bitsIn(value, 4)];
  if (bool !== undefined) return String(bool !== 0n);
  if (whole !== undefined) return String(BigInt.asIntN(64, whole));
  return double === undefined ? textIn(value, 1) : String(doubleOf(double));
}

/** An `ExportMetricsServiceResponse` that says how many points were refused, and why. Empty where none was. */
export function otlpAnswer(rejected: number, says: string): Uint8Array {
  const writer = protobuf.Writer.create();
  if (rejected > 0) writer.uint32(10).fork().uint32(8).int64(rejected).uint32(18).string(says).ldelim();
  return writer.finish();
}
