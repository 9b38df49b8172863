import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { nodeDials } from "./dials/ironic.ts";
import { needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/** 1.65 names a machine's lessee; Ironic counts its versions by a header of its own. */
export const nodes: Source = {
  name: "ironic.sweep",
  resourceTypes: ["baremetal_node"],
  lists: () => [
    {
      ...{ service: "baremetal", version: "v1", path: "/nodes/detail", items: "nodes" },
      headers: { "x-openstack-ironic-api-version": "1.65" },
    },
  ],
  read: node,
  absence: ABSENT,
  dials: { collector: "ironic", isVoice: true, make: nodeDials },
};

/**
 * Whoever leases a machine pays for it, else its owner; without either it is the cloud's own. Its driver's settings, with the
 * passwords of its management board, are not read.
 */
function node(said: Payload): Listed {
  const id = needed(said, "uuid");
  const project = text(said, "lessee") ?? text(said, "owner");
  if (project === undefined) return { id };
  const changedAt = second(said, "provision_updated_at");
  const known: Claim[] = changedAt === undefined ? [] : [{ stance: "states", at: changedAt }];
  return {
    id,
    resource: {
      source: "ironic",
      project,
      amounts: [["baremetal.node", 1n]],
      dimensions: {
        state: text(said, "provision_state") ?? "",
        resource_class: text(said, "resource_class") ?? "",
      },
      looks: looks("baremetal_node", said, {
        name: "name",
        instance_uuid: "instance_uuid",
        power_state: "power_state",
      }),
      known,
      now: "states",
    },
  };
}
