import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { done } from "../doing.ts";
import { needed, second, text } from "../fields.ts";
import { appears, ends, happening, looks, settles } from "../happening.ts";
import { type Heard, ignoring, type Place, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Designate's that comes to something, and those that knowingly do not. */
export const designateTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["dns.zone.create", happening("create", zone, appears)],
    ["dns.zone.update", happening("update", zone, looks)],
    ["dns.zone.exists", happening("exists", zone, settles)],
    ["dns.zone.delete", happening("delete", zone, ends)],
    ["dns.zone_transfer_accept.create", happening("accept", acceptedZone, settles)],
    // The offer; the zone is its giver's until it is accepted.
    ["dns.zone_transfer_request.create", ignoring("midway")],
    ["dns.zone_transfer_request.update", ignoring("midway")],
    ["dns.zone_transfer_request.delete", ignoring("midway")],
    ...["recordset", "record"].flatMap((type) =>
      CHANGES.map((change) => [`dns.${type}.${change}`, recordSet] as const),
    ),
    // The zone tells it too; a Designate so old that it knew no zones is older than any that we have seen.
    ...[...CHANGES, "exists"].map((change) => [`dns.domain.${change}`, ignoring("retold")] as const),
  ]);

const CHANGES = ["create", "update", "delete"];

/** A zone. A cloud may be set to tell changes field by field instead; such a telling names no project and is malformed. */
function zone({ payload, actor }: Notification): Described {
  const createdAt = second(payload, "created_at");
  return {
    source: "designate",
    type: "dns_zone",
    id: needed(payload, "id"),
    project: text(payload, "tenant_id") ?? actor.project ?? needed(payload, "tenant_id"),
    amounts: [["dns.zone", 1n]],
    dimensions: { state: pricedState(payload) },
    about: texts(payload, ["name", "description", "status", "type", "pool_id"]),
    began: true,
    ...(createdAt === undefined ? {} : { beginning: { at: createdAt, state: "active" } }),
  };
}

/** It is served while a change is on its way, and Designate does not tell when that has arrived. */
const pricedState = (payload: Payload): string => (text(payload, "status") === "ERROR" ? "error" : "active");

/** The taker's from here on. Of the transfer nothing is kept: its key would let anybody accept it. */
function acceptedZone({ payload }: Notification): Described {
  const taken = { id: needed(payload, "zone_id"), project: needed(payload, "tenant_id") };
  return {
    source: "designate",
    type: "dns_zone",
    ...taken,
    amounts: [["dns.zone", 1n]],
    dimensions: { state: "active" },
    about: {},
    began: true,
  };
}

/** Names are not billed one by one. */
function recordSet(notification: Notification, place: Place): Heard {
  const { payload, actor } = notification;
  const project = text(payload, "tenant_id") ?? actor.project;
  return done(notification, place, {
    source: "designate",
    project,
    about: texts(payload, ["zone_id", "name", "type"]),
  });
}
