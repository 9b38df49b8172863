import { at, HOUR_MS, type Instant, iso } from "@raingauge/domain";
import type { KeptRetirement, Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ADMINS, MONEY } from "../access.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, MomentText, PeriodText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { PeriodView } from "../views/usage.ts";
import { agents, watched } from "../watching.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "coverage">;
  readonly ledger: Pick<Ledger, "retirements" | "retireAgent">;
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
  retired: z
    .object({ at: z.string(), by: z.string(), note: z.string() })
    .optional()
    .describe("Since when nobody waits for it, and who said so; gone once it tells of itself again."),
});

const RetirementRequest = z.strictObject({
  region: z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  agent: z.string().min(1).max(500),
  at: MomentText.optional().describe("Since when it is gone; when it was last heard of, where that is left out."),
  note: z.string().min(1).max(500).describe("Why."),
});

const RetirementView = z.object({
  region: z.string(),
  source: z.string(),
  agent: z.string(),
  at: z.string(),
  by: z.string(),
  note: z.string(),
  saidAt: z.string(),
});

/** As far back as anybody would look for an agent: what is kept of longer ago is nobody's to retire. */
const LOOKED_BACK_MS = 400 * 24 * HOUR_MS;

/** Who watched the cloud, and when nobody did. Of the cloud as a whole, so it is nothing for a project's owner. */
export const watchingRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar }) => {
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
    const retired = retirementsIn(await ledger.retirements());
    const views = agents(told).map(({ until, ...rest }) => ({
      ...rest,
      until: iso(until),
      silentSeconds: Math.max(0, now - until) / 1_000,
      ...retired(rest, until),
    }));
    return page(views, ({ region: where, source, agent }) => JSON.stringify([where, source, agent]), request.query, {
      silentSeconds: ({ silentSeconds }) => silentSeconds,
    });
  });

  const retire = {
    summary:
      "Says that an agent was taken out of service: from then on nobody waits for it, unless it tells of itself again",
    body: RetirementRequest,
    response: { 201: RetirementView },
  };
  app.post("/v1/agents/retirements", { schema: retire, config: { admits: ADMINS } }, async (request, reply) => {
    const { region, source, agent, at: said, note } = request.body;
    const now = calendar.clock();
    const told = await store.coverage({ period: { start: at(now - LOOKED_BACK_MS), end: at(now + 1) }, region });
    const last = agents(told.filter((each) => each.source === source && each.agent === agent))[0];
    if (last === undefined) throw new Problem("NOT_FOUND");
    if (said !== undefined && said < last.until)
      throw new Problem("REQUEST_INVALID", "", [
        { where: "body.at", says: `it was heard of after that, up to ${iso(last.until)}` },
      ]);
    const by = request.access?.caller.name ?? "";
    const kept = await ledger.retireAgent({ region, source, agent, at: said ?? last.until, by, note });
    return reply.code(201).send({ ...kept, at: iso(kept.at), saidAt: iso(kept.saidAt) });
  });
};

interface Named {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
}

/** What is said of an agent's end, where it told nothing since. */
function retirementsIn(words: readonly KeptRetirement[]) {
  const last = new Map(words.map((word) => [keyOf(word), word]));
  return (agent: Named, until: Instant) => {
    const word = last.get(keyOf(agent));
    if (word === undefined || word.at < until) return {};
    return { retired: { at: iso(word.at), by: word.by, note: word.note } };
  };
}

const keyOf = ({ region, source, agent }: Named): string => JSON.stringify([region, source, agent]);
