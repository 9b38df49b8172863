import { iso } from "@raingauge/domain";
import type { KeptAuditEntry, Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ADMINS } from "../access.ts";
import { decodedSequence, encoded, PageQuery, pageOf } from "../paging.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "audited">;
}

const AuditView = z.object({
  sequence: z.string(),
  at: z.string(),
  request: z.string().describe("What the log and the caller call the request."),
  caller: z.string().optional(),
  user: z.string().optional().describe("Keystone's id of the caller."),
  role: z.string().optional(),
  method: z.string(),
  path: z.string(),
  status: z.number().int(),
  from: z.string(),
});

/** GET /v1/audit answers "who did that". */
export const auditRoutes: Routes<Collaborators> = async (app, { ledger }) => {
  const schema = {
    summary: "Who changed what, or looked at what is nobody's in particular: newest first",
    querystring: z.object(PageQuery),
    response: { 200: pageOf(AuditView) },
  };
  app.get("/v1/audit", { schema, config: { admits: ADMINS } }, async ({ query: { limit, cursor } }) => {
    const before = cursor === undefined ? undefined : decodedSequence(cursor);
    const found = await ledger.audited({ limit: limit + 1, ...(before === undefined ? {} : { before }) });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = last === undefined || found.length <= limit ? {} : { next: encoded(String(last.sequence)) };
    return { items: shown.map(viewEntry), ...next };
  });
};

const viewEntry = ({ sequence, at, ...entry }: KeptAuditEntry): z.input<typeof AuditView> => ({
  sequence: String(sequence),
  at: iso(at),
  ...entry,
});
