import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ADMINS } from "../access.ts";
import { Problem } from "../problems.ts";
import { jsonSchema, type Routes } from "../schema.ts";
import { toldByCeilometer } from "./ceilometer.ts";
import { parseExactly } from "./number.ts";
import { type Export, othersIn, pointsOfOtlp } from "./otlp.ts";
import { OtlpJson } from "./otlp-json.ts";
import { otlpAnswer, otlpIn } from "./otlp-protobuf.ts";
import { OutsideSample, toldByItself } from "./own.ts";
import type { Point } from "./points.ts";
import { ProtobufMalformed } from "./protobuf.ts";
import { pointsOfRemoteWrite } from "./remote-write.ts";
import { toldBy } from "./rules.ts";
import { type Taken, type Taking, take } from "./take.ts";
import { REFUSALS, type Refused, type Told } from "./told.ts";

const BODY_BYTES_MAX = 8 * 1024 * 1024;
const ITEMS_MAX = 20_000;

/** Readings from a program: its own credentials may be Basic, and the store is the record of what it sent. */
const FROM_A_PROGRAM = { admits: ADMINS, takesReadings: true } as const;

const TakenView = z.object({
  accepted: z.number().int(),
  rejected: z
    .array(z.object({ index: z.number().int(), code: z.enum(REFUSALS), says: z.string() }))
    .readonly()
    .describe("What was not taken, by its place in the request; all else was."),
});

/** Each is held against its schema by itself, so that one that is wrong costs the others nothing. */
const Items = z
  .array(z.unknown().meta(jsonSchema(OutsideSample, "input")))
  .max(ITEMS_MAX)
  .describe("Readings; at most 20,000.");

const CeilometerItems = z
  .union([z.array(z.unknown()).max(ITEMS_MAX), z.looseObject({})])
  .describe("What Ceilometer's http publisher sends: a sample, or a list of them, raw or signed.");

const PROTOBUF = "application/x-protobuf";

/** The doors for readings that neither an agent nor the listener brings. All of them lead to the bus. */
export const outsideRoutes: Routes<Taking> = async (app, parts) => {
  takeExactly(app);

  const own = {
    summary: "Takes readings from outside. The same reading counts once, however often it is sent",
    body: Items,
    response: { 200: TakenView },
  };
  app.post("/v1/samples", { schema: own, config: FROM_A_PROGRAM, bodyLimit: BODY_BYTES_MAX }, async ({ body }) =>
    take("samples", body.map(toldByItself), parts),
  );

  const ceilometer = {
    summary: "Takes samples as Ceilometer's http publisher sends them",
    body: CeilometerItems,
    response: { 200: TakenView },
  };
  app.post(
    "/v1/samples/ceilometer",
    { schema: ceilometer, config: FROM_A_PROGRAM, bodyLimit: BODY_BYTES_MAX },
    async ({ body }) => take("ceilometer", (Array.isArray(body) ? body : [body]).map(toldByCeilometer), parts),
  );

  const otlp = {
    summary: "Takes OpenTelemetry's metrics, where a rule says what readings they are",
    consumes: ["application/json", PROTOBUF],
    body: z.unknown().describe("An ExportMetricsServiceRequest of OTLP."),
    response: { 200: z.unknown().describe("An ExportMetricsServiceResponse; says how many points were refused.") },
  };
  app.post(
    "/v1/metrics",
    { schema: otlp, config: FROM_A_PROGRAM, bodyLimit: BODY_BYTES_MAX },
    async (request, reply) => {
      const isBinary = request.headers["content-type"]?.startsWith(PROTOBUF) === true;
      const told = isBinary ? binary(request.body, otlpIn) : otlpJson(request.body);
      const taken = await takePoints("otlp", pointsOfOtlp(told), parts);
      const others = othersIn(told);
      const rejected = taken.rejected.length + others.length;
      const says = taken.rejected[0]?.says ?? (others.length > 0 ? `no meter is a histogram: ${others[0]}` : "");
      if (isBinary) return reply.type(PROTOBUF).send(Buffer.from(otlpAnswer(rejected, says)));
      const partialSuccess = { rejectedDataPoints: String(rejected), errorMessage: says };
      return reply.send(rejected === 0 ? {} : { partialSuccess });
    },
  );

  app.post(
    "/prometheus/api/v1/write",
    { schema: { hide: true }, config: FROM_A_PROGRAM, bodyLimit: BODY_BYTES_MAX, decompress: false },
    async (request, reply) => {
      const points = binary(request.body, pointsOfRemoteWrite);
      const { rejected } = await takePoints("remote_write", points, parts);
      const [first] = rejected;
      // Whoever sent it would send it again for ever after a 5xx, and drops it after a 400: what was wrong stays wrong.
      if (first !== undefined)
        throw new Problem("REQUEST_INVALID", `${rejected.length} refused, the rest taken: ${first.says}`);
      return reply.code(204).send();
    },
  );
};

/** What no rule speaks of is not ours, and counted as passed over; a Prometheus sends all that it has. */
async function takePoints(door: string, points: readonly Point[], parts: Taking): Promise<Taken> {
  const told = points.map((point) => toldBy(parts.outside.rules, point));
  const ours = told.filter((each): each is Told | Refused => each !== undefined);
  parts.metrics.samplesPassedOver.add(told.length - ours.length, { door });
  return take(door, ours, parts);
}

/** Numbers as they were written, protobuf as bytes, and nothing that a form on a page can send. */
function takeExactly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, parseExactly(String(body)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      done(new Problem("REQUEST_INVALID", "the body is not JSON"));
    }
  });
  app.addContentTypeParser(PROTOBUF, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

function binary<Result>(body: unknown, read: (bytes: Uint8Array) => Result): Result {
  if (!(body instanceof Uint8Array)) throw new Problem("MEDIA_TYPE_UNSUPPORTED", `this takes ${PROTOBUF}`);
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof ProtobufMalformed)) throw error;
    throw new Problem("REQUEST_INVALID", error.message);
  }
}

function otlpJson(body: unknown): Export {
  const read = OtlpJson.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Problem("REQUEST_INVALID", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
