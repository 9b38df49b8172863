import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { DNS, zoneDials } from "./dials/designate.ts";
import { count, needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const zones: Source = {
  name: "designate.sweep",
  resourceTypes: ["dns_zone"],
  lists: () => [{ ...DNS, path: "/zones", items: "zones" }],
  read: zone,
  absence: ABSENT,
  dials: { collector: "designate", make: zoneDials },
};

function zone(said: Payload): Listed {
  const id = needed(said, "id");
  const status = text(said, "status");
  const project = text(said, "project_id");
  if (project === undefined || status === "DELETED") return { id };
  const createdAt = second(said, "created_at");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state: "active" }];
  return {
    id,
    resource: {
      source: "designate",
      project,
      amounts: [["dns.zone", 1n]],
      measured: [
        ["dns.zone.ttl", said["ttl"] === null ? 0n : count(said, "ttl")],
        ["dns.zone.serial", count(said, "serial")],
      ],
      // It is served while a change is on its way.
      dimensions: { state: status === "ERROR" ? "error" : "active" },
      looks: looks("dns_zone", said, { name: "name", description: "description", status: "status", type: "type" }),
      known,
      now: "states",
    },
  };
}
