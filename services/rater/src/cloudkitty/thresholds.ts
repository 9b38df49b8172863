import { randomUUID } from "node:crypto";
import { compare, fixed, parseDecimal, rational, roundHalfUp, times } from "@raingauge/domain";
import type { FastifyInstance } from "fastify";
import { ADMINS, MONEY } from "../access.ts";
import { changed, created, gone, v1 } from "./answer.ts";
import type { Arguments } from "./arguments.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import { groupIn, viewGroup } from "./group.ts";
import type { HashmapParts } from "./hashmap-routes.ts";
import { ruleType } from "./mapping.ts";
import { costText, isSameParent, listed, parentOf, parentTold, spokenParent } from "./parent.ts";
import { type RatingState, removed, type ThresholdDocument, written } from "./state.ts";

const SHOWN = ["level", "type", "cost", "service_id", "field_id", "group_id", "tenant_id"];

/** Thresholds: what changes from a level on. CloudKitty keeps no history of them; here what they rated stays rated. */
export function thresholdRoutes(app: FastifyInstance, { book, clock }: HashmapParts, base: string): void {
  const url = `${base}/thresholds`;
  v1(app, "GET", url, MONEY, async (request) => {
    const told = bindV1(request, ["service_id", "field_id", "group_id", "no_group", "tenant_id", "filter_tenant"]);
    const { serviceId, fieldId, groupId } = parentTold(told);
    if (serviceId === null && fieldId === null && groupId === null)
      throw new Fault(500, "You must specify either service_uuid, field_uuid or group_uuid.");
    return { thresholds: (await book.read()).all("threshold").filter(listed(told)).map(viewThreshold) };
  });
  v1(app, "GET", `${url}/:threshold_id`, MONEY, async (request) =>
    viewThreshold(thresholdIn(await book.read(), bindV1(request, ["threshold_id"]).needed("threshold_id"))),
  );
  v1(app, "GET", `${url}/group`, MONEY, async (request) => {
    const id = bindV1(request, ["threshold_id"]).needed("threshold_id");
    const state = await book.read();
    const { groupId } = thresholdIn(state, id);
    if (groupId === null) throw new Fault(404, `Threshold has no group (UUID: ${id})`);
    return viewGroup(groupIn(state, groupId));
  });
  v1(app, "POST", url, ADMINS, async (request, reply) => {
    const told = bindV1(request, [], { name: "threshold_data", attributes: ["threshold_id", "start", ...SHOWN] });
    const id = randomUUID();
    const start = told.moment("start") ?? clock();
    const from = Math.max(start, (await book.closedUntil(clock())) ?? start);
    const state = await book.write((before) => {
      const threshold = newThreshold(told, before, id, from);
      refuseTwin(threshold, before);
      return [written("threshold", threshold)];
    });
    return created(request, reply, id, viewThreshold(thresholdIn(state, id)));
  });
  for (const path of [url, `${url}/:threshold_id`]) {
    v1(app, "PUT", path, ADMINS, async (request, reply) => {
      const told = bindV1(request, ["threshold_id"], { name: "threshold", attributes: SHOWN });
      await book.write((state) => {
        const threshold = changedThreshold(thresholdIn(state, told.needed("threshold_id")), told);
        refuseTwin(threshold, state);
        return [written("threshold", threshold)];
      });
      return changed(reply);
    });
    v1(app, "DELETE", path, ADMINS, async (request, reply) => {
      const id = bindV1(request, ["threshold_id"]).needed("threshold_id");
      await book.write((state) => [removed("threshold", thresholdIn(state, id).id)]);
      return gone(reply);
    });
  }
}

/** It rates from now on, or from a `start`, which CloudKitty has for mappings alone. */
function newThreshold(told: Arguments, state: RatingState, id: string, from: number): ThresholdDocument {
  told.mandatory("level");
  told.mandatory("cost");
  return {
    id,
    level: levelText(told),
    type: ruleType(told),
    cost: costText(told.decimal("cost") ?? rational(0n)),
    ...parentOf(told, state),
    from,
  };
}

/** Its parent stays what it was. */
function changedThreshold(threshold: ThresholdDocument, told: Arguments): ThresholdDocument {
  const cost = told.decimal("cost");
  return {
    ...threshold,
    level: told.text("level") === undefined ? threshold.level : levelText(told),
    type: told.text("type") === undefined ? threshold.type : ruleType(told),
    cost: cost === undefined ? threshold.cost : costText(cost),
    ...(told.has("group_id") ? { groupId: parentTold(told).groupId } : {}),
    ...(told.has("tenant_id") ? { tenantId: parentTold(told).tenantId } : {}),
  };
}

function refuseTwin(threshold: ThresholdDocument, state: RatingState): void {
  const twin = state
    .all("threshold")
    .find((other) => other.id !== threshold.id && isSameLevel(other, threshold) && isSameParent(other, threshold));
  if (twin !== undefined)
    throw new Fault(409, `Threshold '${threshold.level}' already exists for ${spokenParent(threshold)}`);
}

const isSameLevel = (a: ThresholdDocument, b: ThresholdDocument): boolean =>
  compare(parseDecimal(a.level), parseDecimal(b.level)) === 0;

function thresholdIn(state: RatingState, id: string): ThresholdDocument {
  const threshold = state.one("threshold", id);
  if (threshold === undefined) throw new Fault(404, `No such threshold: ${id}`);
  return threshold;
}

/** With eight places, as CloudKitty's column has them. */
const levelText = (told: Arguments): string =>
  fixed(roundHalfUp(times(told.decimal("level") ?? rational(0n), rational(10n ** BigInt(LEVEL_PLACES)))), LEVEL_PLACES);

const LEVEL_PLACES = 8;

export const viewThreshold = (threshold: ThresholdDocument) => ({
  threshold_id: threshold.id,
  level: threshold.level,
  type: threshold.type,
  cost: threshold.cost,
  service_id: threshold.serviceId,
  field_id: threshold.fieldId,
  group_id: threshold.groupId,
  tenant_id: threshold.tenantId,
});
