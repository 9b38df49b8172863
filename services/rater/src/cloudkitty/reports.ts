import {
  at,
  decimal,
  EVERYTHING,
  type Instant,
  type Period,
  permits,
  projects,
  type Scope,
  sum,
} from "@raingauge/domain";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ANYBODY, MONEY, scopeOf } from "../access.ts";
import { monthOf } from "../months.ts";
import { json, v1 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import { naive } from "./moments.ts";
import type { RatedUsage } from "./rated-points.ts";
import { digits, points, type ReadingParts, summary } from "./reading.ts";
import { knownScopes } from "./scope.ts";

const ASKED = ["begin", "end", "tenant_id", "service", "all_tenants"];

/** v1's reports: what was rated, for Horizon's older panels and the older client. */
export function reportRoutes(app: FastifyInstance, parts: ReadingParts, base: string): void {
  const { clock } = parts.calendar;
  v1(app, "GET", `${base}/report/tenants`, MONEY, async (request) => {
    bindV1(request, ["begin", "end"]);
    return (await knownScopes(parts, EVERYTHING)).map(({ id }) => id);
  });

  v1(app, "GET", `${base}/report/total`, ANYBODY, async (request, reply) => {
    const told = bindV1(request, ASKED);
    const rows = await summary(
      parts,
      { period: periodTold(told, clock()), by: [], filters: filtersOf(told) },
      scopeTold(told, request, "report:get_total"),
    );
    return json(reply, decimal(sum(rows.map(({ price }) => price)), SHOWN_PLACES));
  });

  v1(app, "GET", `${base}/report/summary`, ANYBODY, async (request) => {
    const told = bindV1(request, [...ASKED, "groupby"]);
    const by = (told.text("groupby") ?? "").split(",").map((term) => term.trim());
    const terms = ["tenant_id", "res_type"].filter((term) => by.includes(term));
    const period = periodTold(told, clock());
    const rows = await summary(
      parts,
      { period, by: terms.map((term) => (term === "tenant_id" ? "project_id" : "type")), filters: filtersOf(told) },
      scopeTold(told, request, "report:get_summary"),
    );
    return {
      summary: rows.map((row) => ({
        begin: naive(period.start),
        end: naive(period.end),
        tenant_id: told.text("tenant_id") ?? "ALL",
        res_type: told.text("service") ?? "ALL",
        ...Object.fromEntries(terms.map((term, index) => [term, row.by[index]])),
        rate: decimal(row.price, SHOWN_PLACES),
      })),
    };
  });

  v1(app, "GET", `${base}/storage/dataframes`, ANYBODY, async (request) => {
    const told = bindV1(request, ["begin", "end", "tenant_id", "resource_type"]);
    const type = told.text("resource_type");
    const query = { period: periodTold(told, clock()), filters: new Map(type === undefined ? [] : [["type", [type]]]) };
    const { usages } = await points(
      parts,
      query,
      { offset: 0, limit: POINTS_MAX },
      scopeTold(told, request, "storage:list_data_frames"),
    );
    return { dataframes: framesOf(usages) };
  });
}

/** CloudKitty's own reports show so many. */
const SHOWN_PLACES = 5;
/** v1 has no pages. Whoever has more than this asks for a shorter time. */
const POINTS_MAX = 1_000_000;

/** From the beginning of this month to the beginning of the next, where nothing is said; in UTC. */
export function periodTold(told: Arguments, now: Instant, zone = "UTC"): Period {
  const month = monthOf(now, zone);
  const period = { start: told.moment("begin") ?? month.start, end: told.moment("end") ?? month.end };
  if (period.end - period.start > YEARS_MAX * 366 * 86_400_000)
    throw new Fault(400, `A report covers at most ${YEARS_MAX} years`);
  return period.end < period.start ? { start: period.start, end: at(period.start) } : period;
}

const YEARS_MAX = 10;

const filtersOf = (told: Arguments): ReadonlyMap<string, readonly string[]> => {
  const service = told.text("service");
  return new Map(service === undefined ? [] : [["type", [service]]]);
};

/** A caller's own projects, or the one that is named; who may not see it is told so, whether or not it is there. */
function scopeTold(told: Arguments, request: FastifyRequest, action: string): Scope {
  const scope = scopeOf(request);
  const tenant = told.text("tenant_id");
  const isAll = told.flag("all_tenants") ?? false;
  if ((isAll && scope.kind !== "all") || (tenant !== undefined && !permits(scope, tenant)))
    throw new Fault(403, `Policy doesn't allow ${action} to be performed.`);
  // Without a name it is the project that the token was made for; a token of ours was made for none in particular.
  const own = tenant ?? request.access?.project;
  return isAll || own === undefined ? scope : projects(own);
}

/** One frame for each hour and project: CloudKitty puts several projects in one and names only the first. */
function framesOf(usages: readonly RatedUsage[]) {
  const frames = Map.groupBy(usages, ({ period, project }) => JSON.stringify([period.start, period.end, project]));
  return [...frames.values()].map((frame) => ({
    begin: naive(frame[0]?.period.start ?? at(0)),
    end: naive(frame[0]?.period.end ?? at(0)),
    tenant_id: frame[0]?.project ?? "",
    resources: frame.map(({ type, quantity, price, groupby, metadata }) => ({
      rating: digits(price),
      service: type,
      desc: { ...metadata, ...groupby },
      volume: digits(quantity),
    })),
  }));
}
