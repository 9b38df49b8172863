import { isObject, type Notification, type Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { audited, part } from "../cadf.ts";
import { done } from "../doing.ts";
import { MalformedNotification, text } from "../fields.ts";
import { appears, ends, type Happening, happening, looks } from "../happening.ts";
import { ignoring, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Magnum's that comes to something. */
export const magnumTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["magnum.cluster.create", completed("create", appears)],
    ["magnum.cluster.update", completed("update", looks)],
    ["magnum.cluster.delete", completed("delete", ends)],
  ]);

/** Each action is told when it is begun (`pending`) and when it has come out. Older Magnums do not say of which cluster. */
const completed =
  (name: string, happens: Happening): Translation =>
  (notification, place) => {
    const { project, target, outcome, about } = audited(notification.payload);
    if (outcome === "pending") return PENDING(notification, place);
    if (outcome === "failure") return FAILED(notification, place);
    if (clusterData(notification.payload) === undefined || target === undefined) {
      return done(notification, place, { source: "magnum", project, about });
    }
    return happening(name, cluster, happens)(notification, place);
  };

const PENDING = ignoring("midway");
const FAILED = ignoring("failed");

/**
 * A cluster, from when it works. Its machines are Nova's to tell. Labels and the discovery URL hold tokens and are not read.
 */
function cluster({ payload }: Notification): Described {
  const { target, project: asker } = audited(payload);
  const data = clusterData(payload) ?? {};
  const project = text(data, "project_id") ?? asker;
  if (target === undefined || project === undefined)
    throw new MalformedNotification("a cluster without an id or a project");
  return {
    source: "magnum",
    type: "magnum_cluster",
    id: target,
    project,
    amounts: [["magnum.cluster", 1n]],
    dimensions: { template: text(data, "cluster_template_id") ?? "", state: "active" },
    about: {
      ...texts(data, ["status", "health_status", "stack_id", "flavor_id", "master_flavor_id"]),
      name: text(part(payload, "target"), "name"),
      node_count: number(data, "node_count"),
      master_count: number(data, "master_count"),
    },
    began: true,
  };
}

function clusterData(payload: Payload): Payload | undefined {
  const attachments = part(payload, "target")["attachments"];
  if (!Array.isArray(attachments)) return undefined;
  const data = attachments.filter(isObject).find(({ name }) => name === "cluster_data");
  return data === undefined ? undefined : part(data, "content");
}

const number = (payload: Payload, field: string): string | undefined =>
  typeof payload[field] === "number" ? String(payload[field]) : undefined;
