import { VOLUME_STATUSES } from "./cinder.ts";
import { dial } from "./reading.ts";
import { counted, label, labels, number, numbered } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function shareDials(): Promise<Dialling> {
  const seen = new Map<string, string>();
  return {
    item(said) {
      const [id, status] = [label(said, "id"), label(said, "status")];
      if (seen.has(id)) return [];
      seen.set(id, status);
      const of = {
        ...labels(said, { id: "id", name: "name", status: "status", availability_zone: "availability_zone" }),
        ...labels(said, { share_type: "share_type", share_proto: "share_proto", project_id: "project_id" }),
        ...labels(said, { share_type_name: "share_type_name", size: "size" }),
      };
      return [
        ...dial("openstack_sharev2_share_gb", of, number(said, "size")),
        ...dial("openstack_sharev2_share_status", of, numbered(VOLUME_STATUSES, status)),
      ];
    },
    total: () => [
      ...dial("openstack_sharev2_shares_counter", {}, seen.size),
      ...counted(SHARE_STATUSES, [...seen.values()]).flatMap(([status, count]) =>
        dial("openstack_sharev2_share_status_counter", { status }, count),
      ),
    ],
  };
}

const SHARE_STATUSES = [
  ...["creating", "available", "updating", "migrating", "migration_error", "extending", "deleting", "shrinking"],
  ...["error", "error_deleting", "shrinking_error", "reverting_error", "restoring", "reverting", "managing"],
  ...["unmanaging", "reverting_to_snapshot", "soft_deleting", "inactive"],
];
