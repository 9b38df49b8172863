import { type Event, iso, narrowed, type Resource } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { sampleKey } from "../views/sample.ts";
import { DimensionsView } from "../views/usage.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "resources" | "events">;
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
      ...PageQuery,
    }),
    response: { 200: pageOf(ResourceView) },
  };
  app.get("/v1/resources", { schema: resources, config: { admits: ANYBODY } }, async (request) => {
    const { period, project, type } = request.query;
    const query = { period: periodOf(period, calendar), ...(type === undefined ? {} : { type }) };
    const found = await store.resources(
      query,
      narrowed(scopeOf(request), project === undefined ? undefined : [project]),
    );
    return page(
      found.map(viewResource),
      ({ region, id, project: owner }) => JSON.stringify([region, id, owner]),
      request.query,
    );
  });

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
    const query = { period: periodOf(period, calendar), ...(resource === undefined ? {} : { resource }) };
    const found = await store.events(query, narrowed(scopeOf(request), project === undefined ? undefined : [project]));
    const { items, ...next } = page(found, sampleKey, request.query);
    return { items: items.map(viewEvent), ...next };
  });
};

const viewResource = ({ firstSeen, lastSeen, ...rest }: Resource) => ({
  ...rest,
  firstSeen: iso(firstSeen),
  lastSeen: iso(lastSeen),
});

const viewEvent = ({ at, ...rest }: Event) => ({ ...rest, at: iso(at) });
