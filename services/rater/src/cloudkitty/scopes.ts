import { EVERYTHING } from "@raingauge/domain";
import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { v2 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV2Body, bindV2Query, refused } from "./binding.ts";
import { ExactNumber } from "./exact-json.ts";
import { Fault } from "./fault.ts";
import type { ReadingParts } from "./reading.ts";
import { knownScopes, viewScope } from "./scope.ts";
import { type ScopeDocument, written } from "./state.ts";
import { pageTold } from "./summaries.ts";

const FILTERS = ["scope_id", "scope_key", "fetcher", "collector", "active"];
/** The name that CloudKitty has now, and the one that its clients still send. */
const PROCESSED = ["last_processed_timestamp", "state"];

/** Scopes: whose usage is rated, and up to when it was. */
export function scopeRoutes(app: FastifyInstance, parts: ReadingParts, base: string): void {
  const { book, calendar } = parts;
  v2(app, "GET", `${base}/scope`, MONEY, async (request) => {
    const told = bindV2Query(request, ["offset", "limit"], FILTERS);
    const { offset, limit } = pageTold(told);
    const found = (await knownScopes(parts, EVERYTHING)).filter(chosen(told));
    if (found.length === 0) throw new Fault(404, "No resource found for provided filters.");
    return { results: found.slice(offset, offset + limit).map((scope) => viewScope(scope, calendar.clock())) };
  });

  // What is served is rated from what is stored by now, so there is nothing to delete and nothing to wait for.
  v2(app, "PUT", `${base}/scope`, ADMINS, async (request, reply) => {
    const told = bindV2Body(request, ["all_scopes", "scope_id", "scope_key", "fetcher", "collector", ...PROCESSED]);
    const isAll = told.flag("all_scopes") ?? false;
    if (isAll === told.has("scope_id"))
      throw isAll
        ? refused(
            request.body === "" ? {} : bodyOf(told, request),
            "two or more values in the same group of exclusion 'scope_selector'",
            "[<scope_selector>]".slice(1, -1),
          )
        : new Fault(400, "Either all_scopes or a scope_id should be specified.");
    const until = processedTold(told);
    const found = (await knownScopes(parts, EVERYTHING)).filter(chosen(told));
    if (found.length === 0) throw new Fault(404, "No resource found for provided filters.");
    await book.write(() =>
      found
        .filter(({ processedUntil }) => processedUntil !== null)
        .map((scope) => written("scope", { ...scope, processedUntil: until })),
    );
    return reply.code(202).send({});
  });

  v2(app, "PATCH", `${base}/scope`, ADMINS, async (request) => {
    const told = bindV2Body(request, FILTERS);
    const ids = told.text("scope_id");
    if (ids === undefined) throw refused({}, "required key not provided", "'scope_id'");
    const { scope } = { scope: (await knownScopes(parts, EVERYTHING)).filter(({ id }) => id === ids) };
    const [found] = scope;
    if (found === undefined) throw new Fault(404, "No resource found for provided filters.");
    const active = told.flag("active") ?? found.active;
    const patched: ScopeDocument = {
      ...found,
      scopeKey: told.text("scope_key") ?? found.scopeKey,
      fetcher: told.text("fetcher") ?? found.fetcher,
      collector: told.text("collector") ?? found.collector,
      active,
      toggledAt: active === found.active ? found.toggledAt : calendar.clock(),
    };
    await book.write(() => [written("scope", patched)]);
    return viewScope(patched, calendar.clock());
  });

  v2(app, "POST", `${base}/scope`, ADMINS, async (request) => {
    const told = bindV2Body(request, [...FILTERS, ...PROCESSED]);
    const id = told.text("scope_id");
    if (id === undefined) throw refused({}, "required key not provided", "'scope_id'");
    const made: ScopeDocument = {
      id,
      scopeKey: told.text("scope_key") ?? "project_id",
      fetcher: told.text("fetcher") ?? "keystone",
      collector: told.text("collector") ?? "raingauge",
      active: told.flag("active") ?? true,
      toggledAt: calendar.clock(),
      processedUntil: processedTold(told),
    };
    await book.write((state) => {
      if (state.one("scope", id) !== undefined)
        throw new Fault(404, `Cannot create a scope with an already existing scope_id: ${id}.`);
      return [written("scope", made)];
    });
    return viewScope(made, calendar.clock());
  });
}

const bodyOf = (told: Arguments, _request: unknown): Record<string, unknown> =>
  Object.fromEntries(
    ["all_scopes", "scope_id", "scope_key", "fetcher", "collector", ...PROCESSED].flatMap((name) =>
      told.has(name) ? [[name, told.raw(name) instanceof ExactNumber ? told.text(name) : told.raw(name)]] : [],
    ),
  );

function processedTold(told: Arguments): number {
  for (const name of PROCESSED) {
    const text = told.text(name);
    if (text === undefined) continue;
    return told.moment(name) ?? Number.NaN;
  }
  throw refused({}, "required key not provided", "'last_processed_timestamp'");
}

/** A list of values, by repetition or apart by commas; what is not named is not asked about. */
function chosen(told: Arguments): (scope: ScopeDocument) => boolean {
  const listOf = (name: string): readonly string[] | undefined => {
    const raw = told.raw(name);
    return Array.isArray(raw)
      ? raw.map(String)
      : told
          .text(name)
          ?.split(",")
          .map((each) => each.trim());
  };
  const [ids, keys, fetchers, collectors, active] = FILTERS.map(listOf);
  return (scope) =>
    (ids?.includes(scope.id) ?? true) &&
    (keys?.includes(scope.scopeKey) ?? true) &&
    (fetchers?.includes(scope.fetcher) ?? true) &&
    (collectors?.includes(scope.collector) ?? true) &&
    (active?.some((each) => ["1", "true", "True"].includes(each) === scope.active) ?? true);
}
