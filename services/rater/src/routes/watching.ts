import { at, iso } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { MONEY } from "../access.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { PeriodView } from "../views/usage.ts";
import { agents, watched } from "../watching.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "coverage">;
  readonly calendar: Calendar;
}

const WatchedView = z.object({
  region: z.string(),
  source: z.string().describe("`listener`, `libvirt`, `nova.audit`, …"),
  seconds: z.number().describe("So long at least one of its agents provably watched."),
  isComplete: z.boolean(),
  gaps: z.array(PeriodView).readonly().describe("Where none did; usage there is inferred, or not billed."),
});

const AgentView = z.object({
  region: z.string(),
  source: z.string(),
  agent: z.string().describe("A host, or a queue."),
  until: z.string().describe("Up to when it has told that it was watching."),
  silentSeconds: z.number().describe("How long ago that was."),
  confirms: z
    .array(z.string())
    .readonly()
    .describe("The resource types that it reads again and again; none for a listener."),
});

/** Who watched the cloud, and when nobody did. Of the cloud as a whole, so it is nothing for a project's owner. */
export const watchingRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const completeness = {
    summary: "How much of a period was provably watched, region by region and source by source, with the gaps",
    querystring: z.object({ period: PeriodText, region: z.string().optional(), ...sortQuery("seconds"), ...PageQuery }),
    response: { 200: pageOf(WatchedView) },
  };
  app.get("/v1/completeness", { schema: completeness, config: { admits: MONEY } }, async (request) => {
    const { period: text, region } = request.query;
    const asked = periodOf(text, calendar);
    const period = { start: asked.start, end: at(Math.max(asked.start, Math.min(asked.end, calendar.clock()))) };
    const told = await store.coverage({ period, ...(region === undefined ? {} : { region }) });
    const views = watched(told, period).map(({ gaps, ...rest }) => ({
      ...rest,
      isComplete: gaps.length === 0,
      gaps: gaps.map(({ start, end }) => ({ start: iso(start), end: iso(end) })),
    }));
    return page(views, ({ region: where, source }) => JSON.stringify([where, source]), request.query, {
      seconds: ({ seconds }) => seconds,
    });
  });

  const health = {
    summary: "The agents that told of themselves in a period, and how long they have been silent",
    querystring: z.object({
      period: PeriodText,
      region: z.string().optional(),
      ...sortQuery("silentSeconds"),
      ...PageQuery,
    }),
    response: { 200: pageOf(AgentView) },
  };
  app.get("/v1/agents", { schema: health, config: { admits: MONEY } }, async (request) => {
    const { period, region } = request.query;
    const told = await store.coverage({
      period: periodOf(period, calendar),
      ...(region === undefined ? {} : { region }),
    });
    const now = calendar.clock();
    const views = agents(told).map(({ until, ...rest }) => ({
      ...rest,
      until: iso(until),
      silentSeconds: Math.max(0, now - until) / 1_000,
    }));
    return page(views, ({ region: where, source, agent }) => JSON.stringify([where, source, agent]), request.query, {
      silentSeconds: ({ silentSeconds }) => silentSeconds,
    });
  });
};
