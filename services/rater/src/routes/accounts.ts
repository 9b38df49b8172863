import { EVERYTHING } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ADMINS, MONEY } from "../access.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { MomentText } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { AccountRequest, AccountView, viewAccount } from "../views/account.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "accounts" | "recordAccount" | "place">;
}

/** Ten thousand members, each with a validity. */
const ACCOUNT_BYTES_MAX = 2 * 1024 * 1024;

/** Who pays for which projects, and on what terms. */
export const accountRoutes: Routes<Collaborators> = async (app, { ledger }) => {
  const list = {
    summary: "The accounts, every version of each",
    querystring: z.object({ ...sortQuery("name", "validFrom"), ...PageQuery }),
    response: { 200: pageOf(AccountView) },
  };
  app.get("/v1/accounts", { schema: list, config: { admits: MONEY } }, async (request) => {
    const versions = await ledger.accounts(EVERYTHING);
    const key = new Map(versions.map((version, index) => [version, String(versions.length - index).padStart(9, "0")]));
    const { items, ...next } = page(
      versions,
      (version) => JSON.stringify([version.account.id, key.get(version)]),
      request.query,
      { name: ({ account }) => account.name, validFrom: ({ validFrom }) => validFrom },
    );
    return { items: items.map(viewAccount), ...next };
  });

  const record = {
    summary:
      "Records an account, or a version of it from an instant on; with If-Match, only over the digest that was read",
    params: z.object({ account: z.string().min(1).max(100) }),
    querystring: z.object({ validFrom: MomentText.describe("From when it is so.") }),
    body: AccountRequest,
    response: { 200: AccountView },
  };
  app.put(
    "/v1/accounts/:account",
    { schema: record, config: { admits: ADMINS }, bodyLimit: ACCOUNT_BYTES_MAX },
    async (request, reply) => {
      const account = { id: request.params.account, ...request.body };
      const over = digestIn(request.headers["if-match"]);
      const version = await ledger.recordAccount(account, request.query.validFrom, over);
      reply.header("etag", `"${version.digest}"`);
      return viewAccount(version);
    },
  );

  const place = {
    summary: "Says to which domain a project belongs from an instant on",
    params: z.object({ project: z.string().min(1).max(200) }),
    body: z.strictObject({ domain: z.string().min(1).max(200), since: MomentText }),
    response: { 200: z.object({ placed: z.literal(true) }) },
  };
  app.put("/v1/projects/:project/domain", { schema: place, config: { admits: ADMINS } }, async (request) => {
    await ledger.place({ project: request.params.project, ...request.body });
    return { placed: true as const };
  });
};

/** Quoted, as tags are, or as the list shows it. */
const digestIn = (ifMatch: string | undefined): string | undefined => ifMatch?.trim().replace(/^"(.*)"$/, "$1");
