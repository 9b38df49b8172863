import { creditRemarks, EVERYTHING, type Scope, versionAt } from "@raingauge/domain";
import type { GrantedCredit, Ledger } from "@raingauge/ledger";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { MONEY, scopeOf } from "../access.ts";
import { digestIn, IfMatchHeaders } from "../if-match.ts";
import { minorOf } from "../minor.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import type { Calendar } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import {
  type Around,
  CreditHistoryView,
  CreditRequest,
  CreditView,
  viewCredit,
  viewCreditHistory,
  WithdrawalRequest,
} from "../views/credit.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "accounts" | "bookAt" | "credits" | "creditEntries" | "grantCredit" | "withdrawCredit">;
  readonly calendar: Calendar;
}

const account = z.object({ account: z.string().min(1).max(100) });
const credit = account.extend({
  credit: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "not an id of letters, digits, dots and hyphens"),
});

/** Money that accounts have with us: granted, drawn by invoices, withdrawn. */
export const creditRoutes: Routes<Collaborators> = async (app, { ledger, calendar }) => {
  const config = { admits: MONEY };
  const history = async (granted: GrantedCredit, scope: Scope): Promise<z.input<typeof CreditHistoryView>> =>
    viewCreditHistory(
      granted,
      await ledger.creditEntries(granted.credit.id, scope),
      await around(granted.credit.account),
    );
  const around = async (id: string): Promise<Around> => {
    const now = calendar.clock();
    const versions = (await ledger.accounts(EVERYTHING)).filter((each) => each.account.id === id);
    const account = (versionAt(versions, now) ?? versions[0])?.account;
    const book = account && (await ledger.bookAt(account.book, now))?.book;
    return { now, remarks: (credit) => (account === undefined ? [] : creditRemarks(credit, account, book)) };
  };
  const named = async (params: z.output<typeof credit>, scope: Scope): Promise<GrantedCredit> => {
    const all = await ledger.credits({ account: params.account }, scope);
    const found = all.find((each) => each.credit.id === params.credit);
    if (found === undefined) throw new Problem("NOT_FOUND");
    return found;
  };

  const list = {
    summary: "An account's credit, and what is left of it",
    params: account,
    querystring: z.object(PageQuery),
    response: { 200: pageOf(CreditView) },
  };
  app.get("/v1/accounts/:account/credits", { schema: list, config }, async (request) => {
    const all = await ledger.credits({ account: request.params.account }, scopeOf(request));
    const known = await around(request.params.account);
    return page(
      all.map((each) => viewCredit(each, known)),
      ({ id }) => id,
      request.query,
    );
  });

  const look = {
    summary: "A credit with everything that changed what is left of it",
    params: credit,
    response: { 200: CreditHistoryView },
  };
  app.get("/v1/accounts/:account/credits/:credit", { schema: look, config }, async (request) =>
    history(await named(request.params, scopeOf(request)), scopeOf(request)),
  );

  const grant = {
    summary: "Grants a credit, which is never changed from then on; granting the same again changes nothing",
    params: credit,
    body: CreditRequest,
    response: { 200: CreditHistoryView },
  };
  app.put("/v1/accounts/:account/credits/:credit", { schema: grant, config }, async (request) => {
    const scope = scopeOf(request);
    const { account: id, credit: name } = request.params;
    const versions = (await ledger.accounts(scope)).filter((each) => each.account.id === id);
    if (versions.length === 0) throw new Problem("NOT_FOUND");
    const { amount, ...terms } = request.body;
    if (!versions.some((each) => each.account.currency === terms.currency))
      throw new Problem("REQUEST_INVALID", "", [
        { where: "body.currency", says: `account ${id} is not billed in ${terms.currency}` },
      ]);
    const minor = minorOf(amount, terms.currency);
    if (minor === 0n) throw new Problem("REQUEST_INVALID", "", [{ where: "body.amount", says: "is nothing" }]);
    return history(
      await ledger.grantCredit({ id: name, account: id, amount: minor, ...terms }, callerOf(request)),
      scope,
    );
  });

  const withdraw = {
    summary: "Takes back of a credit what was granted by mistake, or paid back otherwise",
    headers: IfMatchHeaders,
    params: credit,
    body: WithdrawalRequest,
    response: { 201: CreditHistoryView },
  };
  app.post(
    "/v1/accounts/:account/credits/:credit/withdrawals",
    { schema: withdraw, config },
    async (request, reply) => {
      const scope = scopeOf(request);
      const found = await named(request.params, scope);
      const amount = minorOf(request.body.amount, found.credit.currency);
      if (amount === 0n) throw new Problem("REQUEST_INVALID", "", [{ where: "body.amount", says: "is nothing" }]);
      const { note } = request.body;
      const withdrawal = { credit: found.credit.id, amount, by: callerOf(request), note };
      const left = await history(await ledger.withdrawCredit(withdrawal, digestIn(request.headers)), scope);
      return reply.code(201).header("etag", `"${left.digest}"`).send(left);
    },
  );
};

const callerOf = ({ access }: FastifyRequest): string => access?.caller.name ?? "";
