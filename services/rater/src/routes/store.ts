import { iso } from "@raingauge/domain";
import type { LateReadings, SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, MONEY, scopeOf } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "frozen" | "watermark" | "late">;
  readonly calendar: Calendar;
}

const StoreView = z.object({
  watermark: z.string().describe("Up to when everything that was appended counts as stored."),
  frozen: z
    .object({
      horizon: z
        .string()
        .describe("Hours before it are frozen; their readings are gone but for those that still decide something."),
      since: z.string(),
    })
    .optional()
    .describe("Absent while every reading is kept."),
});

const LateView = z.object({
  region: z.string(),
  project: z.string(),
  meter: z.string(),
  resource: z.string(),
  readings: z.number().int(),
  first: z.string(),
  last: z.string(),
});

/** What of the past is frozen, and what came too late for it. */
export const storeRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const state = {
    summary: "Up to when readings are stored, and before when hours are frozen",
    response: { 200: StoreView },
  };
  app.get("/v1/store", { schema: state, config: { admits: MONEY } }, async () => {
    const [watermark, frozen] = await Promise.all([store.watermark(), store.frozen()]);
    return {
      watermark: iso(watermark),
      ...(frozen === undefined ? {} : { frozen: { horizon: iso(frozen.horizon), since: iso(frozen.since) } }),
    };
  });

  const late = {
    summary: "Readings that came for hours that were frozen already: kept, and part of no bill",
    querystring: z.object({ period: PeriodText, ...PageQuery }),
    response: { 200: pageOf(LateView) },
  };
  app.get("/v1/late-readings", { schema: late, config: { admits: ANYBODY } }, async (request) => {
    const found = await store.late(periodOf(request.query.period, calendar), scopeOf(request));
    const { items, ...next } = page(found, lateKey, request.query);
    return { items: items.map(viewLate), ...next };
  });
};

const lateKey = ({ region, project, meter, resource }: LateReadings): string =>
  JSON.stringify([region, project, meter, resource]);

const viewLate = ({ first, last, ...rest }: LateReadings) => ({ ...rest, first: iso(first), last: iso(last) });
