import { type Batch, iso, type Sample } from "@raingauge/domain";
import type { Notification, Payload } from "@raingauge/openstack";
import { isIgnored } from "./heard.ts";
import { translate } from "./translate.ts";

/**
 * A notification of a service that no recording of ours has, made from what is known of it: the paths that Ceilometer reads
 * and what the service puts into its payload. For tests; said at 2026-11-23T10:00:30.25Z.
 */
export const made = (type: string, payload: Payload, said: Partial<Notification> = {}): Notification => ({
  messageId: "5f0c3a52-7a43-4d3f-8c39-4e8f6d0c7b11",
  type,
  publisher: "service.controller-01",
  priority: "info",
  microseconds: Date.parse("2026-11-23T10:00:30.250Z") * 1_000,
  requestId: "req-1",
  actor: {},
  payload,
  ...said,
});

export const bent = (notification: Notification, fields: Payload): Notification => ({
  ...notification,
  payload: { ...notification.payload, ...fields },
});

export function batchOf(notification: Notification): Batch {
  const heard = translate(notification, { region: "one" });
  if (isIgnored(heard)) throw new Error(`ignored: ${heard.ignored}`);
  return heard;
}

/** What is claimed, of what, for whom. */
export const outlines = (notification: Notification): string[] => batchOf(notification).samples.map(outline);

const outline = ({ stance, meter, at, value, project, dimensions }: Sample): string =>
  [stance, meter, String(value), iso(at), project, ...Object.values(dimensions)].join(" ").trimEnd();
