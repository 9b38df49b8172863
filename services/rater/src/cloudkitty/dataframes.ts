import { type Instant, instant } from "@raingauge/domain";
import type { RatedPoint } from "@raingauge/ledger";
import type { FastifyInstance } from "fastify";
import { ADMINS, ANYBODY, scopeOf } from "../access.ts";
import { gone, v2 } from "./answer.ts";
import { readDecimal } from "./arguments.ts";
import { bindV2Body, bindV2Query, refused } from "./binding.ts";
import { ExactNumber, jsonNumber } from "./exact-json.ts";
import { Fault } from "./fault.ts";
import { readMoment, zoned } from "./moments.ts";
import type { RatedUsage } from "./rated-points.ts";
import { digits, points, type ReadingParts, tagged } from "./reading.ts";
import { filtersTold, pageTold, periodToldV2, scoped } from "./summaries.ts";

/** A month of a large project in one call. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** Rated data points: what is measured here, hour by hour, and what others rated and gave us. */
export function dataframeRoutes(app: FastifyInstance, parts: ReadingParts, base: string): void {
  v2(app, "GET", `${base}/dataframes`, ANYBODY, async (request) => {
    const told = bindV2Query(request, ["begin", "end", "offset", "limit"], ["filters"]);
    const told_filters = filtersTold(told);
    for (const [key, values] of told_filters)
      if (values.length > 1) throw refused({ filters: [told.text("filters")] }, "a key may come once", `'${key}'`);
    const { scope, filters } = scoped(told_filters, scopeOf(request));
    const page = await points(parts, { period: periodToldV2(told, parts), filters }, pageTold(told), scope);
    if (page.total === 0) throw new Fault(404, "No resource found for provided filters.");
    return { total: page.total, dataframes: framesOf(page.usages) };
  });

  v2(
    app,
    "POST",
    `${base}/dataframes`,
    ADMINS,
    async (request, reply) => {
      const frames = bindV2Body(request, ["dataframes"]).raw("dataframes");
      if (Array.isArray(frames) && frames.length === 0) throw new Fault(400, "Parameter dataframes must not be empty.");
      if (!Array.isArray(frames)) throw refused({ dataframes: frames }, "required key not provided", "'dataframes'");
      await parts.ledger.keepPoints(frames.flatMap((frame, index) => pointsOf(frame, index, frames)).map(tagged));
      return gone(reply);
    },
    BODY_BYTES_MAX,
  );
}

function framesOf(usages: readonly RatedUsage[]) {
  const frames = Map.groupBy(usages, ({ period }) => `${period.start} ${period.end}`);
  return [...frames.values()].map((frame) => ({
    period: { begin: zoned(frame[0]?.period.start ?? EPOCH), end: zoned(frame[0]?.period.end ?? EPOCH) },
    usage: Object.fromEntries(
      [...Map.groupBy(frame, ({ type }) => type)].map(([type, own]) => [
        type,
        own.map(({ unit, quantity, price, groupby, metadata }) => ({
          vol: { unit, qty: jsonNumber(digits(quantity)) },
          rating: { price: jsonNumber(digits(price)) },
          groupby,
          metadata,
        })),
      ]),
    ),
  }));
}

const EPOCH: Instant = instant("1970-01-01T00:00:00Z");

type Table = Readonly<Record<string, unknown>>;

/** One frame's points; a frame that is not as CloudKitty would have it is refused with all the others. */
function pointsOf(frame: unknown, index: number, frames: readonly unknown[]): RatedPoint[] {
  const wrong = (): Fault => refused({ dataframes: frames }, "not a valid value", `'dataframes', ${index}`);
  const table = (value: unknown): Table => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof ExactNumber)
      throw wrong();
    return value as Table;
  };
  const moment = (value: unknown): Instant => {
    const read = typeof value === "string" ? readMoment(value) : undefined;
    if (read === undefined) throw wrong();
    return read;
  };
  const { period, usage } = table(frame);
  const { begin, end } = table(period);
  const span = { start: moment(begin), end: moment(end) };
  if (span.end <= span.start) throw wrong();
  return Object.entries(table(usage)).flatMap(([type, of]) => {
    if (!Array.isArray(of)) throw wrong();
    return of.map((told): RatedPoint => {
      const { vol, rating, groupby, metadata } = table(told);
      const { unit, qty } = table(vol);
      const own = texts(table(groupby ?? {}));
      return {
        type,
        period: span,
        project: own["project_id"] ?? own["tenant_id"] ?? "",
        unit: typeof unit === "string" ? unit : "",
        quantity: amount(qty, wrong),
        price: rating === undefined || rating === null ? "0" : amount(table(rating)["price"], wrong),
        groupby: own,
        metadata: texts(table(metadata ?? {})),
      };
    });
  });
}

function amount(value: unknown, wrong: () => Fault): string {
  const text = value instanceof ExactNumber ? value.text : value;
  if (typeof text !== "string") throw wrong();
  return digits(readDecimal("qty", text));
}

const texts = (table: Table): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).map(([name, value]) => [
      name,
      value instanceof ExactNumber ? value.text : value === null || value === undefined ? "" : String(value),
    ]),
  );
