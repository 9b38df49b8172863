import { appears, changes, ends, happening, settles } from "../happening.ts";
import { ignoring, type Translation } from "../heard.ts";
import { bandwidth } from "./bandwidth.ts";
import { belonging, KINDS, type Kind } from "./belonging.ts";
import { floatingIp } from "./floating-ip.ts";
import { owned } from "./said.ts";

/** Every notification of Neutron's that comes to something, and those that knowingly do not. */
export const neutronTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["floatingip.create.end", address("create", appears)],
    ["floatingip.update.end", address("update", changes)],
    ["floatingip.delete.end", address("delete", ends)],
    ["floatingip.exists", address("exists", settles)],
    ...KINDS.flatMap(lifeOf),
    ["l3.meter", bandwidth],
    ...NOT_METERED.flatMap((type) =>
      ["create.end", "update.end", "delete.end", "exists"].map(
        (action) => [`${type}.${action}`, ignoring("not_metered")] as const,
      ),
    ),
    // The router's ports tell it too.
    ["router.interface.create", ignoring("retold")],
    ["router.interface.delete", ignoring("retold")],
  ]);

const address = (name: string, happens: Parameters<typeof happening>[2]): Translation =>
  owned("floatingip", happening(name, floatingIp, happens));

/** Neutron dates an update now and then with the one before, so that it counts from when it was said. */
function lifeOf(kind: Kind): readonly (readonly [string, Translation])[] {
  const read = belonging(kind);
  const tell = (name: string, happens: Parameters<typeof happening>[2]): Translation =>
    owned(kind.type, happening(name, read, happens));
  return [
    [`${kind.type}.create.end`, tell("create", appears)],
    [`${kind.type}.update.end`, tell("update", settles)],
    [`${kind.type}.delete.end`, tell("delete", ends)],
    [`${kind.type}.exists`, tell("exists", settles)],
  ];
}

const NOT_METERED = [
  "address_scope",
  "bandwidth_limit_rule",
  "binding",
  "dscp_marking_rule",
  "metering_label_rule",
  "minimum_bandwidth_rule",
  "policy",
  "port_forwarding",
  "security_group",
  "security_group_rule",
  "subnetpool",
  "trunk",
];
