import { EVERYTHING, iso } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { placementsDigest } from "@raingauge/wire";
import { z } from "zod";
import { ADMINS, MONEY } from "../access.ts";
import { Digest, digestIn, IfMatchHeaders } from "../if-match.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { MomentText } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { AccountRequest, AccountView, viewAccount } from "../views/account.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "accounts" | "recordAccount" | "place" | "placements">;
}

const PlacedView = z.object({
  project: z.string(),
  placements: z.array(z.object({ domain: z.string(), since: z.string() })).readonly(),
  digest: Digest,
});

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
    headers: IfMatchHeaders,
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
      const over = digestIn(request.headers);
      const version = await ledger.recordAccount(account, request.query.validFrom, over);
      reply.header("etag", `"${version.digest}"`);
      return viewAccount(version);
    },
  );

  const project = z.object({ project: z.string().min(1).max(200) });
  const placed = async (id: string): Promise<z.input<typeof PlacedView>> => {
    const all = await ledger.placements();
    const mine = all.filter((each) => each.project === id);
    const told = mine.map(({ domain, since }) => ({ domain, since: iso(since) }));
    return { project: id, placements: told, digest: placementsDigest(all, id) };
  };
  const placements = {
    summary: "To which domains a project belongs, and from when on, in the order in which that was said",
    params: project,
    response: { 200: PlacedView },
  };
  app.get("/v1/projects/:project/domain", { schema: placements, config: { admits: MONEY } }, async (request) =>
    placed(request.params.project),
  );

  const place = {
    summary: "Says to which domain a project belongs from an instant on",
    headers: IfMatchHeaders,
    params: project,
    body: z.strictObject({ domain: z.string().min(1).max(200), since: MomentText }),
    response: { 200: PlacedView.extend({ placed: z.literal(true) }) },
  };
  app.put("/v1/projects/:project/domain", { schema: place, config: { admits: ADMINS } }, async (request, reply) => {
    const { project: id } = request.params;
    await ledger.place({ project: id, ...request.body }, digestIn(request.headers));
    const now = await placed(id);
    reply.header("etag", `"${now.digest}"`);
    return { placed: true as const, ...now };
  });
};
