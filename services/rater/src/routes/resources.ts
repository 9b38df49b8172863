import { allMeters, at, type Event, type Instant, iso, narrowed, type Resource, type Scope } from "@raingauge/domain";
import type { ResourceQuery, SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { decodedTexts, encoded, PageQuery, pageAsItComes, pageOf } from "../paging.ts";
import { type Calendar, MomentText, PeriodText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import { type Life, life } from "../resource-life.ts";
import type { Routes } from "../schema.ts";
import { DimensionsView } from "../views/usage.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "resources" | "events" | "series">;
  readonly calendar: Calendar;
}

const ResourceView = z.object({
  id: z.string(),
  type: z.string(),
  region: z.string(),
  project: z.string(),
  attributes: DimensionsView,
  firstSeen: z.string(),
  lastSeen: z.string(),
});

const LifeView = z.object({
  resource: ResourceView,
  created: z.string().optional().describe("When it was first said to be there, in event time."),
  ended: z.string().optional().describe("When it was last said to be gone."),
  changes: z
    .array(z.object({ at: z.string(), by: z.string(), project: z.string(), attributes: DimensionsView }))
    .readonly()
    .describe("Oldest first; of each only what changed."),
});

const EventView = z.object({
  id: z.string(),
  type: z.string(),
  region: z.string(),
  source: z.string(),
  at: z.string(),
  project: z.string().optional(),
  resource: z.string().optional(),
  resourceType: z.string().optional(),
  attributes: DimensionsView,
});

/** What there is, and what happened to it. */
export const resourceRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const resources = {
    summary: "The resources that were seen in a period, as they were told of up to its end",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      type: z.string().optional(),
      search: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("A part of the id or of any attribute, in either case of letters."),
      ...PageQuery,
    }),
    response: { 200: pageOf(ResourceView) },
  };
  app.get("/v1/resources", { schema: resources, config: { admits: ANYBODY } }, async (request) => {
    const { period, project, type, search } = request.query;
    const query = { period: periodOf(period, calendar), ...(type === undefined ? {} : { type }) };
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    const { items, ...next } = await pageAsItComes(
      resourcesFrom(store, query, scope, { search, ...request.query }),
      resourceKey,
      request.query,
    );
    return { items: items.map(viewResource), ...next };
  });

  const history = {
    summary: "What became of a resource in a period: when it was created and ended, and each change of what it is",
    params: z.object({ region: z.string(), resource: z.string() }),
    querystring: z.object({ period: PeriodText.describe("As elsewhere; the year until now when absent.") }),
    response: { 200: LifeView },
  };
  app.get(
    "/v1/resources/:region/:resource/history",
    { schema: history, config: { admits: ANYBODY } },
    async (request) => {
      const { region, resource } = request.params;
      const now = calendar.clock();
      const { period: text } = request.query;
      const period = text === undefined ? { start: at(now - YEAR_MS), end: now } : periodOf(text, calendar);
      const scope = scopeOf(request);
      const own = (await store.resources({ period }, scope)).find(
        (each) => each.id === resource && each.region === region,
      );
      if (own === undefined) throw new Problem("NOT_FOUND");
      const happened = await store.events({ period, resource }, scope);
      const meters = allMeters().filter(({ existence, resourceType }) => existence && resourceType === own.type);
      const read = await Promise.all(
        meters.map(({ name: meter }) => store.series({ meter, period, region, resource }, scope)),
      );
      return viewLife(
        own,
        life(
          happened.filter((each) => each.region === region),
          read.flat(),
        ),
      );
    },
  );

  const events = {
    summary: "What happened to resources in a period, oldest first",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      resource: z.string().optional(),
      ...PageQuery,
    }),
    response: { 200: pageOf(EventView) },
  };
  app.get("/v1/events", { schema: events, config: { admits: ANYBODY } }, async (request) => {
    const { period, project, resource } = request.query;
    const { limit, cursor } = request.query;
    const after = cursor === undefined ? {} : { after: eventIn(cursor) };
    const query = { period: periodOf(period, calendar), ...(resource === undefined ? {} : { resource }) };
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    const found = await store.events({ ...query, ...after, limit: limit + 1 }, scope);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next =
      last === undefined || found.length <= limit ? {} : { next: encoded(JSON.stringify([iso(last.at), last.id])) };
    return { items: shown.map(viewEvent), ...next };
  });
};

function eventIn(cursor: string): { readonly at: Instant; readonly id: string } {
  const [moment = "", id = ""] = decodedTexts(cursor, 2);
  const at = MomentText.safeParse(moment);
  if (!at.success)
    throw new Problem("REQUEST_INVALID", "", [{ where: "querystring.cursor", says: "not a cursor of this list" }]);
  return { at: at.data, id };
}

const resourceKey = ({ region, id }: Resource): string => JSON.stringify([region, id]);

/** Lot by lot from where the page before ended; larger ones where most are not what is looked for. */
async function* resourcesFrom(
  store: Pick<SampleStore, "resources">,
  query: ResourceQuery,
  scope: Scope,
  {
    search,
    limit,
    cursor,
  }: { readonly search?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
): AsyncGenerator<Resource> {
  const [region = "", id = ""] = cursor === undefined ? [] : decodedTexts(cursor, 2);
  let after = cursor === undefined ? {} : { after: { region, resource: id } };
  for (let lot = limit + 1; ; lot *= 2) {
    const found = await store.resources({ ...query, ...after, limit: lot }, scope);
    yield* found.filter((each) => search === undefined || speaksOf(each, search));
    const last = found.at(-1);
    if (last === undefined || found.length < lot) return;
    after = { after: { region: last.region, resource: last.id } };
  }
}

const YEAR_MS = 366 * 86_400_000;

const speaksOf = ({ id, attributes }: Resource, search: string): boolean =>
  [id, ...Object.values(attributes)].some((text) => text.toLowerCase().includes(search.toLowerCase()));

const viewLife = (resource: Resource, { created, ended, changes }: Life): z.input<typeof LifeView> => ({
  resource: viewResource(resource),
  ...(created === undefined ? {} : { created: iso(created) }),
  ...(ended === undefined ? {} : { ended: iso(ended) }),
  changes: changes.map(({ at: moment, ...change }) => ({ at: iso(moment), ...change })),
});

const viewResource = ({ firstSeen, lastSeen, ...rest }: Resource) => ({
  ...rest,
  firstSeen: iso(firstSeen),
  lastSeen: iso(lastSeen),
});

const viewEvent = ({ at: moment, ...rest }: Event) => ({ ...rest, at: iso(moment) });
