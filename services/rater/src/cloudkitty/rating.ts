import {
  at,
  decimal,
  lengthMs,
  meterNamed,
  type Rational,
  rate,
  rational,
  roundHalfUp,
  sum,
  times,
} from "@raingauge/domain";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ADMINS, ANYBODY, MONEY, scopeOf } from "../access.ts";
import { monthMs } from "../months.ts";
import { changed, gone, json, v1, v2 } from "./answer.ts";
import { type Arguments, invalid, readDecimal } from "./arguments.ts";
import { bindV1, bindV2Body, bindV2Query, refused } from "./binding.ts";
import { ExactNumber } from "./exact-json.ts";
import { Fault } from "./fault.ts";
import { hashmapCost } from "./hashmap.ts";
import { isSwitchedOn, modulesIn } from "./modules.ts";
import type { ReadingParts } from "./reading.ts";
import { type RatingState, written } from "./state.ts";
import { tariffOf } from "./tariff.ts";

/** The rating modules, and what something would cost. */
export function ratingRoutes(app: FastifyInstance, parts: ReadingParts, rating: string): void {
  const { book } = parts;
  v1(app, "GET", `${rating}/modules`, MONEY, async (request) => {
    bindV1(request, []);
    return { modules: modulesIn(await book.read()).map(viewV1) };
  });
  v1(app, "GET", `${rating}/modules/:module_id`, MONEY, async (request) => {
    const id = bindV1(request, ["module_id"]).needed("module_id");
    return viewV1(moduleIn(await book.read(), id, "Module not found."));
  });
  for (const url of [`${rating}/modules`, `${rating}/modules/:module_id`])
    v1(app, "PUT", url, ADMINS, async (request, reply) => {
      const told = bindV1(request, ["module_id"], {
        name: "module",
        attributes: ["description", "enabled", "hot-config", "priority"],
      });
      await change(parts, told.needed("module_id"), told, "Module not found.");
      return changed(reply, null);
    });
  v1(app, "GET", `${rating}/reload_modules`, ADMINS, async (_request, reply) => gone(reply));
  v1(app, "POST", `${rating}/quote`, ANYBODY, async (request, reply) => {
    const resources = bindV1(request, [], { name: "res_data", attributes: ["resources"] }).raw("resources");
    if (!Array.isArray(resources)) throw invalid("resources", resources, "Mandatory field missing.");
    const state = await book.read();
    const costs = await Promise.all(resources.map((resource) => quoted(parts, state, resource, request)));
    return json(reply, decimal(sum(costs), QUOTE_PLACES));
  });
  for (const method of ["GET", "POST", "PUT"] as const)
    for (const url of [`${rating}/module_config/:module_id`, `${rating}/module_config`])
      v1(app, method, url, MONEY, async () => {
        throw new Fault(409, "Module is not configurable");
      });
}

const QUOTE_PLACES = 28;

export function moduleRoutesV2(app: FastifyInstance, parts: ReadingParts, base: string): void {
  v2(app, "GET", `${base}/rating/modules`, MONEY, async (request) => {
    bindV2Query(request, []);
    return { modules: modulesIn(await parts.book.read()).map(viewV2) };
  });
  v2(app, "GET", `${base}/rating/modules/:module_id`, MONEY, async (request) => {
    const { module_id: id } = request.params as { module_id: string };
    return viewV2(moduleIn(await parts.book.read(), id, `Module '${id}' not found`));
  });
  v2(app, "PUT", `${base}/rating/modules/:module_id`, ADMINS, async (request, reply) => {
    const { module_id: id } = request.params as { module_id: string };
    const told = bindV2Body(request, ["enabled", "priority"]);
    await change(parts, id, told, `Module '${id}' not found`);
    return gone(reply);
  });
}

async function change({ book, calendar }: ReadingParts, id: string, told: Arguments, missing: string): Promise<void> {
  const now = calendar.clock();
  const closedUntil = await book.closedUntil(now);
  await book.write((state) => {
    const module = moduleIn(state, id, missing);
    const enabled = told.flag("enabled") ?? module.enabled;
    const priority = Number(told.text("priority") ?? module.priority);
    if (!Number.isSafeInteger(priority))
      throw refused({ priority: told.raw("priority") }, "expected int", "'priority'");
    // Nothing here rates by Python that somebody uploaded, and noop does nothing either way.
    if (id === "pyscripts" && enabled)
      throw new Fault(
        400,
        "PyScripts are kept but never run here: a script could do anything to the bill. Use hashmap rules or a price book.",
      );
    if (id === "noop" && !enabled) return [];
    // A month that is closed was rated by what was switched on then; all that is open, by what is switched on now.
    return [written("module", { id, enabled, priority, from: closedUntil ?? at(0) })];
  });
}

function moduleIn(state: RatingState, id: string, missing: string) {
  const module = modulesIn(state).find((each) => each.id === id);
  if (module === undefined) throw new Fault(404, missing);
  return module;
}

type Module = ReturnType<typeof moduleIn>;

const viewV1 = ({ id, description, enabled, isConfigurable, priority }: Module) => ({
  module_id: id,
  description,
  enabled,
  "hot-config": isConfigurable,
  priority,
});

const viewV2 = ({ id, description, enabled, isConfigurable, priority }: Module) => ({
  module_id: id,
  description,
  enabled,
  hot_config: isConfigurable,
  priority,
});

/** What one thing would cost for an hour, by the caller's own prices. */
async function quoted(
  parts: ReadingParts,
  state: RatingState,
  resource: unknown,
  request: FastifyRequest,
): Promise<Rational> {
  const { service, volume, desc } = (resource ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof service !== "string") throw invalid("service", service, "Mandatory field missing.");
  const quantity = volume === undefined || volume === null ? rational(1n) : readDecimal("volume", textOf(volume) ?? "");
  const attributes = flat(desc);
  const now = parts.calendar.clock();
  const scope = scopeOf(request);
  const [project] = scope.kind === "projects" && scope.projects.size === 1 ? scope.projects : [];
  if (isSwitchedOn(state).at(now))
    return hashmapCost({ service, quantity, attributes }, tariffOf(state).at(now, project));
  return byPriceBook(parts, { service, quantity, attributes, project: project ?? "" });
}

/** As a machine of this kind would cost that ran for an hour, and nothing else ran. */
async function byPriceBook(
  { ledger, metrics, calendar, priceBook }: ReadingParts,
  asked: {
    readonly service: string;
    readonly quantity: Rational;
    readonly attributes: Readonly<Record<string, string>>;
    readonly project: string;
  },
): Promise<Rational> {
  const now = calendar.clock();
  const published = await ledger.bookAt(priceBook, now);
  const meter = metrics.find(({ type }) => type === asked.service)?.meter ?? meterNamed(asked.service);
  if (published === undefined || meter === undefined) return rational(0n);
  const period = { start: now, end: at(now + HOUR_MS) };
  const baseUnits = roundHalfUp(times(asked.quantity, meter.shown.factor));
  const own = {
    flavor: asked.attributes["flavor_name"],
    image: asked.attributes["image_id"],
    state: "active",
    ...asked.attributes,
  };
  const dimensions = Object.fromEntries(
    meter.dimensions.flatMap((name) => {
      const value = (own as Readonly<Record<string, string | undefined>>)[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const usage = {
    region: "",
    project: asked.project,
    meter: meter.name,
    resource: "",
    dimensions,
    period,
    quantity: meter.kind === "gauge" ? baseUnits * BigInt(lengthMs(period)) : baseUnits,
    evidence: { readings: 0, observedMs: lengthMs(period), inferredMs: 0, afterEnd: 0, counterDropped: 0 },
  };
  return sum(rate([usage], published.book, monthMs(period, calendar.zone)).charges.map(({ cost }) => cost));
}

const HOUR_MS = 3_600_000;

/** Horizon says what it wants to start in one table; CloudKitty wants it in two, and reads nothing of one. Both are read. */
function flat(desc: unknown): Record<string, string> {
  if (typeof desc !== "object" || desc === null) return {};
  const { groupby, metadata, ...rest } = desc as Readonly<Record<string, unknown>>;
  const all = { ...rest, ...(isTable(metadata) ? metadata : {}), ...(isTable(groupby) ? groupby : {}) };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : value instanceof ExactNumber ? value.text : undefined;
