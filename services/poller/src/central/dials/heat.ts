import { dial } from "./reading.ts";
import { counted, label, labels, numbered } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function stackDials(): Promise<Dialling> {
  const statuses: string[] = [];
  return {
    item(said) {
      const status = label(said, "stack_status");
      statuses.push(status);
      return dial(
        "openstack_heat_stack_status",
        labels(said, { id: "id", name: "stack_name", project_id: "project", status: "stack_status" }),
        numbered(STACK_STATUSES, status),
      );
    },
    total: () =>
      counted(STACK_STATUSES, statuses).flatMap(([status, count]) =>
        dial("openstack_heat_stack_status_counter", { status }, count),
      ),
  };
}

/** Each action and how it stands, in the order in which the openstack-exporter numbers them. */
const STACK_STATUSES = [
  ...["INIT", "CREATE", "DELETE", "UPDATE", "ROLLBACK", "SUSPEND", "RESUME", "ADOPT", "SNAPSHOT", "CHECK"],
].flatMap((action) => ["IN_PROGRESS", "FAILED", "COMPLETE"].map((how) => `${action}_${how}`));
