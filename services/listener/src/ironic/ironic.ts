import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { done } from "../doing.ts";
import { needed, object, second, text } from "../fields.ts";
import { changes, ends, type Happening, happening, looks, settles } from "../happening.ts";
import { ignoring, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";
import { sensors } from "./sensors.ts";

/** Every notification of Ironic's that comes to something, and those that knowingly do not. */
export const ironicTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ...["end", "success"].flatMap((suffix) => [
      [`baremetal.node.create.${suffix}`, leased("create", settles)] as const,
      [`baremetal.node.update.${suffix}`, leased("update", settles)] as const,
      [`baremetal.node.provision_set.${suffix}`, leased("provision", changes)] as const,
      [`baremetal.node.delete.${suffix}`, leased("delete", ends)] as const,
      ...LOOKS.map((action) => [`baremetal.node.${action}.${suffix}`, leased(action, looks)] as const),
      ...PARTS.flatMap((type) =>
        ["create", "update", "delete"].map(
          (action) => [`baremetal.${type}.${action}.${suffix}`, ignoring("not_metered")] as const,
        ),
      ),
    ]),
    // Temperatures and voltages belong to the machine and to no project.
    ["hardware.ipmi.metrics", sensors],
    ["hardware.ipmi.metrics.update", sensors],
  ]);

const LOOKS = ["maintenance_set", "power_set", "power_state_corrected", "console_set", "console_restore"];

const PARTS = ["allocation", "chassis", "deploy_template", "port", "portgroup", "volumeconnector", "volumetarget"];

/** Whoever leases a machine pays for it, else its owner; without either it is the cloud's own, and its events are all there is. */
const leased =
  (name: string, happens: Happening): Translation =>
  (notification, place) => {
    const said = object(notification.payload, "ironic_object.data");
    if (payer(said) !== undefined) return happening(name, node, happens)(notification, place);
    return done(notification, place, { source: "ironic", about: { ...about(said), node: text(said, "uuid") } });
  };

const payer = (said: Payload): string | undefined => text(said, "lessee") ?? text(said, "owner");

/** A machine. Its driver's settings, with the passwords of its management board, are not read. */
function node({ payload }: Notification): Described {
  const said = object(payload, "ironic_object.data");
  const changedAt = second(said, "provision_updated_at");
  return {
    source: "ironic",
    type: "baremetal_node",
    id: needed(said, "uuid"),
    project: payer(said) ?? needed(said, "owner"),
    amounts: [["baremetal.node", 1n]],
    dimensions: {
      // `active` is in use by a machine of Nova's or by its lessee, `available` waits; Ironic's own words for the rest.
      state: text(said, "provision_state") ?? "",
      resource_class: text(said, "resource_class") ?? "",
    },
    about: about(said),
    began: true,
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

const about = (said: Payload): Described["about"] =>
  texts(said, ["name", "instance_uuid", "power_state", "conductor_group", "owner", "lessee"]);
