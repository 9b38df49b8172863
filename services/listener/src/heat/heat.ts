import type { Notification } from "@raingauge/openstack";
import { needed, second, text } from "../fields.ts";
import { begins, ends, happening, looks, settles } from "../happening.ts";
import type { Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Heat's that comes to something; what failed goes by its suffix `.error`. */
export const heatTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["orchestration.stack.create.end", happening("create", stack, begins)],
    ["orchestration.stack.adopt.end", happening("adopt", stack, begins)],
    ["orchestration.stack.update.end", happening("update", stack, looks)],
    ["orchestration.stack.rollback.end", happening("rollback", stack, looks)],
    ["orchestration.stack.check.end", happening("check", stack, looks)],
    ["orchestration.stack.snapshot.end", happening("snapshot", stack, looks)],
    ["orchestration.stack.restore.end", happening("restore", stack, looks)],
    ["orchestration.stack.suspend.end", happening("suspend", suspended, settles)],
    ["orchestration.stack.resume.end", happening("resume", stack, settles)],
    ["orchestration.stack.delete.end", happening("delete", stack, ends)],
  ]);

/** A stack, from when it was asked for. What it is made of is metered by the services that made it. */
function stack({ payload }: Notification): Described {
  const createdAt = second(payload, "create_at");
  return {
    source: "heat",
    type: "stack",
    id: needed(payload, "stack_identity").replace(/^.*\//, ""),
    project: needed(payload, "tenant_id"),
    amounts: [["stack", 1n]],
    dimensions: { state: "active" },
    about: {
      name: text(payload, "stack_name"),
      status: text(payload, "state"),
      user: text(payload, "user_identity") ?? text(payload, "user_id"),
      description: text(payload, "description"),
    },
    began: true,
    ...(createdAt === undefined ? {} : { beginning: { at: createdAt, state: "active" } }),
  };
}

const suspended = (notification: Notification): Described => ({
  ...stack(notification),
  dimensions: { state: "suspended" },
});
