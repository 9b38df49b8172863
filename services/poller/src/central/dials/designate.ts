import { ABSENT } from "../absence.ts";
import { everyItem } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import { dial } from "./reading.ts";
import { label, labels, numbered } from "./said.ts";
import type { Dialling, Survey } from "./survey.ts";

/** Without this header Designate answers for the caller's own project. */
export const DNS = { service: "dns", version: "v2", headers: { "x-auth-all-projects": "true" } } as const;

const STATUSES = ["pending", "active", "deleted", "error"];

export async function zoneDials(): Promise<Dialling> {
  let count = 0;
  return {
    item(said) {
      count += 1;
      return dial(
        "openstack_designate_zone_status",
        labels(said, { id: "id", name: "name", status: "status", tenant_id: "project_id", type: "type" }),
        numbered(STATUSES, label(said, "status").toLowerCase()),
      );
    },
    total: () => dial("openstack_designate_zones", {}, count),
  };
}

/** All record sets in one list, where Ceilometer asks zone by zone. */
export const designateSurvey: Survey = {
  name: "designate.survey",
  collector: "designate",
  absence: ABSENT,
  async read(asking) {
    const sets = await everyItem(asking, { ...DNS, path: "/recordsets", items: "recordsets" });
    const byZone = Map.groupBy(sets, (said) => label(said, "zone_id"));
    return [
      ...sets.flatMap((said) =>
        dial(
          "openstack_designate_recordsets_status",
          labels(said, {
            ...{ id: "id", name: "name", status: "status", zone_id: "zone_id", zone_name: "zone_name", type: "type" },
          }),
          numbered(STATUSES, label(said, "status").toLowerCase()),
        ),
      ),
      ...[...byZone].flatMap(([zone, [first = {}, ...others]]) => [
        ...dial(
          "openstack_designate_recordsets",
          { zone_id: zone, ...labels(first, { zone_name: "zone_name", tenant_id: "project_id" }) },
          others.length + 1,
        ),
        ...counted(zone, label(first, "project_id"), others.length + 1),
      ]),
    ];
  },
};

const counted = (zone: string, project: string, count: number): MeterReading[] =>
  zone === "" || project === ""
    ? []
    : [
        {
          ...{ meter: "dns.zone.recordsets", source: "designate", resource: zone, project },
          ...{ value: BigInt(count), dimensions: {} },
        },
      ];
