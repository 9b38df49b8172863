import { at, decimal, iso, narrowed, type Period, parseDecimal, type Scope } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { askedOnce } from "../asked-once.ts";
import { belonging } from "../belonging.ts";
import { BucketQuery, buckets } from "../buckets.ts";
import type { CostGroup, Naming } from "../cost-groups.ts";
import type { DraftSources } from "../drafts.ts";
import { sendEvents, wantsEvents } from "../event-stream.ts";
import { costGroupText } from "../grouping.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { periodGrowth } from "../period-growth.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { tagNamed, tagsOf } from "../tags.ts";
import { PeriodView } from "../views/usage.ts";

interface Collaborators extends DraftSources {
  readonly store: DraftSources["store"] & Pick<SampleStore, "resources" | "totals">;
  readonly ledger: DraftSources["ledger"] & Pick<Ledger, "books">;
  readonly log: Pick<Log, "warn">;
  readonly calendar: Calendar;
  /** The name of the price book. */
  readonly book: string;
}

const CostGroupView = z.object({
  period: PeriodView,
  by: z.record(z.string(), z.string()).readonly(),
  cost: z.string().describe("To 12 places, before the invoice's rounding and without tax."),
  currency: z.string(),
});

interface Question {
  readonly parts: readonly Period[];
  readonly group: readonly string[];
  readonly scope: Scope;
}

/**
 * GET /v1/costs/live answers "what costs so much". Each part of a month costs what the month came to at its end, less what it
 * had come to at its beginning: so parts add up to the month, however tiers, caps and allowances fill, and months to any period.
 */
export const liveCostRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book, log }) => {
  const schema = {
    summary: "What a period costs so far, by project, article, resource, …, and by the hour, day or month",
    description:
      "Where `text/event-stream` is accepted, the first page is sent as an event named `costs`, again whenever it has changed, and a comment while it has not.",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      group: costGroupText,
      ...BucketQuery,
      ...sortQuery("cost"),
      ...PageQuery,
    }),
    produces: ["application/json", "text/event-stream"],
    response: { 200: pageOf(CostGroupView) },
  };

  const naming = async (month: Period, { group, scope }: Question): Promise<Naming> => {
    const asksTags = group.some((term) => tagNamed(term) !== undefined);
    const whose = group.includes("domain")
      ? await belonging(ledger, await store.projects(month, scope), month)
      : undefined;
    return {
      domainOf: (project) => whose?.domainOf(project, at(month.end - 1)) ?? "",
      tagOf: asksTags ? await tagsOf(store, month, scope) : () => "",
    };
  };

  const answer = async (question: Question): Promise<CostGroup[]> => {
    const { parts, group, scope } = question;
    const now = calendar.clock();
    return periodGrowth(
      { store, ledger: askedOnce(ledger) },
      { zone: calendar.zone, book },
      {
        parts: parts.filter(({ start }) => start <= now),
        terms: group,
        namingIn: (month) => naming(month, question),
        asksResources: group.some(isOfResource),
        scope,
      },
    );
  };

  const config = { admits: ANYBODY };
  app.get("/v1/costs/live", { schema, config }, async (request, reply) => {
    const { period: text, project, group, bucket, zone = calendar.zone } = request.query;
    const period = periodOf(text, calendar);
    const parts = bucket === undefined ? [period] : buckets(period, bucket, zone);
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    const look = async () =>
      page((await answer({ parts, group, scope })).map(viewGroup), keyOf, request.query, {
        cost: ({ cost }) => scaled(cost),
      });
    const failed = (error: unknown): void => log.warn("cost stream ended", { request: request.id, error });
    return wantsEvents(request) ? sendEvents(app, request, reply, { name: "costs", look, failed }) : look();
  });
};

const isOfResource = (term: string): boolean => term === "resource" || tagNamed(term) !== undefined;

const viewGroup = ({ period, by, cost, currency }: CostGroup): z.input<typeof CostGroupView> => ({
  period: { start: iso(period.start), end: iso(period.end) },
  by,
  cost: decimal(cost, COST_PLACES),
  currency,
});

const COST_PLACES = 12;

/** The decimal places of a cost as a whole number, which sorts as the cost does. */
const scaled = (cost: string): bigint => {
  const { numerator, denominator } = parseDecimal(cost);
  return (numerator * 10n ** BigInt(COST_PLACES)) / denominator;
};

const keyOf = ({ period, currency, by }: z.input<typeof CostGroupView>): string =>
  JSON.stringify([period.start, currency, ...Object.values(by)]);
