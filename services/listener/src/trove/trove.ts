import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { auditPeriod } from "../audit.ts";
import { needed, second, text } from "../fields.ts";
import { begins, changes, ends, happening, looks, settles } from "../happening.ts";
import type { Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Trove's that comes to something. Its beginnings are told once the database answers. */
export const troveTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["trove.instance.create", happening("create", database, begins)],
    ["trove.instance.modify_volume", happening("modify_volume", database, looks)],
    ["trove.instance.modify_flavor", happening("modify_flavor", database, changes)],
    ["trove.instance.exists", happening("exists", audited, settles)],
    ["trove.instance.delete", happening("delete", database, ends)],
  ]);

/** A database. The machine and the volume beneath it are Nova's and Cinder's to tell, under Trove's own project. */
function database({ payload, actor }: Notification): Described {
  const launchedAt = second(payload, "launched_at") ?? second(payload, "created_at");
  return {
    source: "trove",
    type: "trove_instance",
    id: needed(payload, "instance_id"),
    project: text(payload, "tenant_id") ?? actor.project ?? needed(payload, "tenant_id"),
    amounts: [["trove.instance", 1n]],
    dimensions: {
      flavor: text(payload, "instance_type") ?? "",
      // Whatever the operator maps a kind of database to in `notification_service_id`.
      datastore: text(payload, "service_id") ?? "",
      state: pricedState(payload),
    },
    about: {
      ...texts(payload, ["name", "display_name", "state", "nova_instance_id", "nova_volume_id", "availability_zone"]),
      user: text(payload, "user_id"),
    },
    began: launchedAt !== undefined,
    ...(launchedAt === undefined ? {} : { beginning: { at: launchedAt, state: "active" } }),
    ...when("changedAt", payload, "modify_at"),
    ...when("endedAt", payload, "deleted_at"),
  };
}

/** An audit without a period is none. */
function audited(notification: Notification): Described {
  auditPeriod(notification.payload);
  return database(notification);
}

/** Trove does not tell when a database is stopped or restarted. */
const pricedState = (payload: Payload): string =>
  /error|fail/i.test(text(payload, "state") ?? "") ? "error" : "active";

function when(
  name: "changedAt" | "endedAt",
  payload: Payload,
  field: string,
): Pick<Described, "changedAt" | "endedAt"> {
  const at = second(payload, field);
  return at === undefined ? {} : { [name]: at };
}
