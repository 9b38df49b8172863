import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { stackDials } from "./dials/heat.ts";
import { needed, second } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/** Heat lists the stacks of all projects to nobody unless its policy `stacks:global_index` says to whom; it links no pages. */
export const stacks: Source = {
  name: "heat.sweep",
  resourceTypes: ["stack"],
  lists: () => [
    { service: "orchestration", path: "/stacks", items: "stacks", paging: "last", query: { global_tenant: "true" } },
  ],
  read: stack,
  absence: new Set([...ABSENT, "forbidden"] as const),
  dials: { collector: "heat", isVoice: true, make: stackDials },
};

function stack(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "stack_status");
  if (UNUSABLE.has(status)) return { id };
  const createdAt = second(said, "creation_time");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state: "active" }];
  return {
    id,
    resource: {
      source: "heat",
      project: needed(said, "project"),
      amounts: [["stack", 1n]],
      dimensions: { state: status === "SUSPEND_COMPLETE" ? "suspended" : "active" },
      looks: looks("stack", said, { name: "stack_name", status: "stack_status" }, "updated_time"),
      known,
      now: "states",
    },
  };
}

const UNUSABLE: ReadonlySet<string> = new Set([
  ...["INIT_IN_PROGRESS", "INIT_FAILED", "CREATE_IN_PROGRESS", "CREATE_FAILED", "ADOPT_IN_PROGRESS", "ADOPT_FAILED"],
  "DELETE_COMPLETE",
]);
