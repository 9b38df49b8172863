import { randomUUID } from "node:crypto";
import { at, EVERYTHING, HOUR_MS, hourOf, type Instant } from "@raingauge/domain";
import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { v2 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV2Body, bindV2Query, refused } from "./binding.ts";
import { Fault } from "./fault.ts";
import { naive, spoken } from "./moments.ts";
import { nextHour } from "./pieces.ts";
import type { ReadingParts } from "./reading.ts";
import { knownScopes } from "./scope.ts";
import { type ReprocessingTask, written } from "./state.ts";
import { pageTold } from "./summaries.ts";

/**
 * Reprocessing. Whatever is served here is rated from what is stored by now, late readings included, so a task is done when it
 * is accepted: it is checked, written down with its reason, and changes no number. A closed month is corrected by a document.
 */
export function taskRoutes(app: FastifyInstance, parts: ReadingParts, base: string): void {
  // Without the last two letters is how the clients up to 5.0 call it.
  for (const url of [`${base}/task/reprocesses`, `${base}/task/reprocess`])
    v2(app, "POST", url, ADMINS, async (request, reply) => {
      const told = bindV2Body(request, ["scope_ids", "start_reprocess_time", "end_reprocess_time", "reason"]);
      const reason = told.text("reason")?.trim() ?? "";
      if (reason === "")
        throw new Fault(
          400,
          "Empty or blank reason text is not allowed. Please, do inform/register the reason for the reprocessing of a previously processed timestamp.",
        );
      const [start, end] = windowTold(told, parts.calendar.clock());
      const ids = await scopesTold(told, parts);
      await parts.book.write(() =>
        ids.map(
          (scopeId): ReturnType<typeof written> => written("task", { id: randomUUID(), scopeId, reason, start, end }),
        ),
      );
      return reply.code(202).send({});
    });

  v2(app, "GET", `${base}/task/reprocesses`, MONEY, async (request) => {
    const told = bindV2Query(request, ["offset", "limit", "order"], ["scope_ids"]);
    const order = (told.text("order") ?? "desc").toLowerCase();
    if (order !== "asc" && order !== "desc")
      throw new Fault(400, `The order parameter can be only ASC or DESC, not ${told.text("order")}.`);
    const wanted = told.text("scope_ids")?.split(",");
    const tasks = (await parts.book.read()).all("task").filter(({ scopeId }) => wanted?.includes(scopeId) ?? true);
    const { offset, limit } = pageTold(told);
    return { results: (order === "asc" ? tasks : tasks.toReversed()).slice(offset, offset + limit).map(viewTask) };
  });

  v2(app, "GET", `${base}/task/reprocesses/:scope_id`, MONEY, async (request) => {
    const { scope_id: id } = request.params as { scope_id: string };
    return {
      results: (await parts.book.read())
        .all("task")
        .filter(({ scopeId }) => scopeId === id)
        .toReversed()
        .map(viewTask),
    };
  });
}

function windowTold(told: Arguments, now: Instant): readonly [Instant, Instant] {
  const [start, end] = ["start_reprocess_time", "end_reprocess_time"].map((name) => {
    const moment = told.moment(name);
    if (moment === undefined) throw refused({}, "required key not provided", `'${name}'`);
    return moment;
  }) as [Instant, Instant];
  if (end < start)
    throw new Fault(
      400,
      `End reprocess timestamp [${spoken(end)}+00:00] cannot be less than start reprocess timestamp [${spoken(start)}+00:00].`,
    );
  if (hourOf(start) !== start || hourOf(end) !== end)
    throw new Fault(
      400,
      `The provided reprocess time window does not comply with the configured collector period. A valid time window near the provided one is ['${spoken(hourOf(start))}+00:00', '${spoken(nextHour(end))}+00:00']`,
    );
  if (end > now)
    throw new Fault(
      400,
      `Cannot reprocess up to [${spoken(end)}+00:00]: it was not processed yet, but only up to [${spoken(at(hourOf(now) - HOUR_MS))}+00:00].`,
    );
  return [start, end];
}

async function scopesTold(told: Arguments, parts: ReadingParts): Promise<readonly string[]> {
  const raw = told.raw("scope_ids");
  const wanted = Array.isArray(raw)
    ? raw.map(String)
    : (told.text("scope_ids") ?? "").split(",").map((id) => id.trim());
  const known = (await knownScopes(parts, EVERYTHING)).map(({ id }) => id);
  if (wanted.includes("ALL")) return known;
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0 || wanted.length === 0)
    throw new Fault(400, `Scopes ${JSON.stringify(unknown).replaceAll('"', "'")} scheduled to reprocess do not exist.`);
  return wanted;
}

const viewTask = ({ scopeId, reason, start, end }: ReprocessingTask) => ({
  scope_id: scopeId,
  reason,
  start_reprocess_time: naive(at(start)),
  end_reprocess_time: naive(at(end)),
  current_reprocess_time: naive(at(end)),
});
