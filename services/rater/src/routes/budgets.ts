import { type Budget, decimal, EVERYTHING, iso, parseDecimal } from "@raingauge/domain";
import type { Ledger, Notice } from "@raingauge/ledger";
import { budgetDigest } from "@raingauge/wire";
import { z } from "zod";
import { ANYBODY, MONEY, scopeOf } from "../access.ts";
import { type BudgetStanding, standings } from "../budgets/spending.ts";
import type { DraftSources } from "../drafts.ts";
import { Digest, digestIn, IfMatchHeaders } from "../if-match.ts";
import { monthOf } from "../months.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import type { Calendar } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators extends DraftSources {
  readonly ledger: DraftSources["ledger"] &
    Pick<Ledger, "accounts" | "credits" | "budgets" | "setBudget" | "dropBudget" | "notices" | "replayNotice">;
  readonly calendar: Calendar;
  readonly book: string;
}

const Amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,12})?$/, "not an amount such as 250.00")
  .transform(parseDecimal)
  .refine(({ numerator }) => numerator > 0n, "must be more than nothing");

const BudgetRequest = z
  .strictObject({
    name: z.string().min(1).max(100).describe("Setting a budget of the same name again replaces it."),
    projects: z.array(z.string().min(1)).max(10_000).default([]).describe("Whose costs are added up."),
    account: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Instead: all that this account owes, its fees, minimum and promotional credit among it."),
    amount: Amount.describe("For a month, without tax, in the currency of the projects' bills."),
    thresholds: z
      .array(z.strictObject({ percent: Amount, of: z.enum(["actual", "forecast"]).default("actual") }))
      .min(1)
      .max(20)
      .describe("Each tells once a month, when so many per cent are spent, or will be if it goes on."),
    webhook: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).max(2_000),
        secret: z.string().min(16).max(200).describe("Signs what is sent. It is never shown again."),
      })
      .optional(),
    email: z.array(z.email()).max(50).default([]),
  })
  .refine(({ projects, account }) => (projects.length === 0) !== (account === undefined), {
    message: "is of projects or of an account, and of one of them",
    path: ["projects"],
  });

const Shown = {
  name: z.string(),
  projects: z.array(z.string()).readonly().describe("None of an account's budget, which finance and admins see."),
  account: z.string().optional(),
  amount: z.string(),
  thresholds: z.array(z.object({ percent: z.string(), of: z.enum(["actual", "forecast"]) })).readonly(),
  webhook: z.string().optional().describe("Where it posts to, as far as the host."),
  email: z.array(z.string()).readonly(),
  digest: Digest,
};

const BudgetView = z.object({
  ...Shown,
  currency: z.string().describe("Empty where nothing was used yet."),
  spent: z.string().describe("This month so far."),
  forecast: z.string().optional().describe("What the month comes to if it goes on; absent on its first day."),
  isEstimate: z
    .boolean()
    .describe(
      "An account shares tiers, an allowance or a discount, so that its invoice may say something else of a project.",
    ),
  leftOut: z
    .array(z.string())
    .readonly()
    .optional()
    .describe("Projects whose costs are in another currency, and so in no sum with the others."),
});

const NoticeView = z.object({
  sequence: z.string(),
  budget: z.string(),
  channel: z.enum(["webhook", "email"]),
  state: z.enum(["pending", "delivered", "dead"]),
  attempts: z.number().int(),
  error: z.string().optional(),
  raisedAt: z.string(),
  notice: z.unknown(),
});

export const budgetRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const list = {
    summary: "The budgets of the caller's projects, and how they stand this month",
    querystring: z.object({ ...sortQuery("amount"), ...PageQuery }),
    response: { 200: pageOf(BudgetView) },
  };
  app.get("/v1/budgets", { schema: list, config: { admits: ANYBODY } }, async (request) => {
    const { items, ...next } = page(await ledger.budgets(scopeOf(request)), ({ name }) => name, request.query, {
      amount: ({ amount }) => (amount.numerator * 10n ** 12n) / amount.denominator,
    });
    const now = calendar.clock();
    const terms = { period: monthOf(now, calendar.zone), zone: calendar.zone, book };
    return { items: (await standings({ store, ledger }, items, terms, now)).map(viewStanding), ...next };
  });

  const set = {
    summary: "Sets a budget: an amount for a month, and who is told at which thresholds",
    headers: IfMatchHeaders,
    body: BudgetRequest,
    response: { 200: z.object(Shown) },
  };
  app.post("/v1/budgets", { schema: set, config: { admits: MONEY } }, async (request, reply) => {
    const { webhook, account, ...said } = request.body;
    if (account !== undefined && !(await ledger.accounts(EVERYTHING)).some((each) => each.account.id === account))
      throw new Problem("REQUEST_INVALID", "", [{ where: "body.account", says: "there is no such account" }]);
    const budget: Budget = {
      ...said,
      ...(account === undefined ? {} : { account }),
      ...(webhook === undefined ? {} : { webhook }),
    };
    await ledger.setBudget(budget, digestIn(request.headers));
    const shown = viewBudget(budget);
    reply.header("etag", `"${shown.digest}"`);
    return shown;
  });

  const drop = {
    summary: "Ends a budget; what was told of it stays",
    headers: IfMatchHeaders,
    params: z.object({ name: z.string() }),
    response: { 200: z.object({ dropped: z.literal(true) }) },
  };
  app.delete("/v1/budgets/:name", { schema: drop, config: { admits: MONEY } }, async (request) => {
    if (!(await ledger.dropBudget(request.params.name, digestIn(request.headers)))) throw new Problem("NOT_FOUND");
    return { dropped: true as const };
  });

  const told = {
    summary: "What was told of the caller's budgets, and what could not be told",
    querystring: z.object({ ...sortQuery("raisedAt", "budget"), ...PageQuery }),
    response: { 200: pageOf(NoticeView) },
  };
  app.get("/v1/budget-notices", { schema: told, config: { admits: ANYBODY } }, async (request) => {
    const found = await ledger.notices(scopeOf(request));
    const { items, ...next } = page(found, ({ sequence }) => String(sequence).padStart(19, "0"), request.query, {
      raisedAt: ({ raisedAt }) => raisedAt,
      budget: ({ budget }) => budget,
    });
    return { items: items.map(viewNotice), ...next };
  });

  const replay = {
    summary: "Tries a notice again that was given up",
    params: z.object({ sequence: z.string() }),
    response: { 200: z.object({ replayed: z.literal(true) }) },
  };
  app.post("/v1/budget-notices/:sequence/replay", { schema: replay, config: { admits: MONEY } }, async (request) => {
    const { sequence } = request.params;
    const isNumber = /^\d{1,18}$/.test(sequence);
    if (!isNumber || !(await ledger.replayNotice(BigInt(sequence)))) throw new Problem("NOT_FOUND");
    return { replayed: true as const };
  });
};

const viewBudget = (budget: Budget) => ({
  ...viewTerms(budget),
  digest: budgetDigest(budget),
});

const viewTerms = ({ name, projects, account, amount, thresholds, webhook, email }: Budget) => ({
  name,
  projects,
  ...(account === undefined ? {} : { account }),
  amount: decimal(amount, 12),
  thresholds: thresholds.map(({ percent, of }) => ({ percent: decimal(percent, 12), of })),
  ...(webhook === undefined ? {} : { webhook: new URL(webhook.url).origin }),
  email,
});

const viewStanding = ({ budget, currency, spent, forecast, isEstimate = false, leftOut }: BudgetStanding) => ({
  ...viewBudget(budget),
  currency,
  spent: decimal(spent, 4),
  ...(forecast === undefined ? {} : { forecast: decimal(forecast, 2) }),
  isEstimate,
  ...(leftOut === undefined ? {} : { leftOut }),
});

const viewNotice = ({ sequence, budget, channel, state, attempts, error, raisedAt, document }: Notice) => ({
  sequence: String(sequence),
  budget,
  channel,
  state,
  attempts,
  ...(error === undefined ? {} : { error }),
  raisedAt: iso(raisedAt),
  notice: JSON.parse(document) as unknown,
});
