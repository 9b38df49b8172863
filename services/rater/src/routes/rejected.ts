import type { Bus, Rejected } from "@raingauge/bus";
import { at, iso } from "@raingauge/domain";
import { z } from "zod";
import { ADMINS } from "../access.ts";
import { decodedSequence, PageQuery, pageAsItComes, pageOf } from "../paging.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly bus: Pick<Bus, "rejected" | "replay">;
}

const RejectedView = z.object({
  sequence: z.string(),
  reason: z.string(),
  rejectedAt: z.string(),
  id: z.string(),
  kind: z.enum(["samples", "events"]),
  region: z.string(),
  service: z.string(),
  project: z.string(),
  bytes: z.number().int(),
  beginning: z.string().describe("The first characters of the body, after redaction."),
});

const SHOWN_BYTES_MAX = 2_000;

/** Messages that could not be taken. They are of any project and may hold anything, so admins only, and reading is audited. */
export const rejectedRoutes: Routes<Collaborators> = async (app, { bus }) => {
  const list = {
    summary: "The messages that were set aside, with the reason",
    querystring: z.object(PageQuery),
    response: { 200: pageOf(RejectedView) },
  };
  app.get("/v1/rejected", { schema: list, config: { admits: ADMINS, audited: true } }, async (request) => {
    const { limit, cursor } = request.query;
    const after = cursor === undefined ? 0n : decodedSequence(cursor);
    // The cursor is the place itself: what was shown is not read again.
    return pageAsItComes(views(bus.rejected(after)), ({ sequence }) => sequence, { limit });
  });

  const replay = {
    summary: "Puts a message that was set aside back on the bus",
    params: z.object({ sequence: z.string().regex(/^\d{1,19}$/, "not a sequence") }),
    response: { 200: z.object({ replayed: z.literal(true) }) },
  };
  app.post("/v1/rejected/:sequence/replay", { schema: replay, config: { admits: ADMINS } }, async (request) => {
    if (!(await bus.replay(BigInt(request.params.sequence)))) throw new Problem("NOT_FOUND");
    return { replayed: true as const };
  });
};

type RejectedView = z.input<typeof RejectedView>;

/** Bodies are let go one by one: together they may be a gibibyte. */
async function* views(rejected: AsyncIterable<Rejected>): AsyncIterable<RejectedView> {
  for await (const each of rejected) yield viewRejected(each);
}

const viewRejected = ({ sequence, reason, rejectedAt, message }: Rejected): RejectedView => ({
  sequence: String(sequence),
  reason,
  rejectedAt: iso(at(rejectedAt)),
  id: message.id,
  kind: message.kind,
  region: message.region,
  service: message.service,
  project: message.project,
  bytes: message.body.byteLength,
  beginning: new TextDecoder().decode(message.body.subarray(0, SHOWN_BYTES_MAX)),
});
