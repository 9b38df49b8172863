import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { databaseDials } from "./dials/trove.ts";
import { needed, object, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/** The list for administrators: the other one names the caller's own. */
export const databases: Source = {
  name: "trove.sweep",
  resourceTypes: ["trove_instance"],
  lists: () => [
    {
      ...{ service: "database", version: "v1.0", path: "/mgmt/instances", items: "instances" },
      query: { deleted: "false", include_clustered: "true" },
    },
  ],
  read: database,
  absence: ABSENT,
  dials: { collector: "trove", isVoice: true, make: databaseDials },
};

/**
 * A database is only sighted: the API names its flavor by an id and its kind by a name, where notifications have the flavor's name and
 * whatever the operator maps a kind to. What they stated is kept, and where they stated nothing this counts. The root password that
 * the list shows beside is not read.
 */
function database(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "status");
  if (UNUSABLE.has(status)) return { id };
  const createdAt = second(said, "created");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state: "active" }];
  return {
    id,
    resource: {
      source: "trove",
      project: needed(said, "tenant_id"),
      amounts: [["trove.instance", 1n]],
      dimensions: {
        flavor: text(object(said, "flavor"), "id") ?? "",
        datastore: text(object(said, "datastore"), "type") ?? "",
        state: "active",
      },
      looks: looks("trove_instance", said, { name: "name", status: "status" }, "updated"),
      known,
      now: "sights",
    },
  };
}

/** Whom it favours: the tenant. Of what is merely in `ERROR` the API does not tell whether it was ever usable. */
const UNUSABLE: ReadonlySet<string> = new Set(["NEW", "BUILD", "ERROR", "FAILED"]);
