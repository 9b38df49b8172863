import { createHash } from "node:crypto";
import { at, HOUR_MS, hourOf, type Instant, iso } from "@raingauge/domain";
import type { Recorded } from "./recording.ts";

/**
 * The hourly `exists` audits that a cloud sends and a recording of minutes does not hold: for each resource that is there
 * at the turn of an hour, its latest own notification is told again as an audit of that hour. Yields the messages and the
 * audits in the order of their time, until `end`.
 */
export function* withAudits(messages: readonly Recorded[], end: Instant): Generator<Recorded> {
  const alive = new Map<string, Told>();
  let hour: Instant | undefined;
  const auditsUntil = function* (until: number): Generator<Recorded> {
    for (; hour !== undefined && hour <= until; hour = at(hour + HOUR_MS)) {
      for (const told of alive.values()) yield audit(told, hour);
    }
  };
  for (const message of messages) {
    const moment = Date.parse(message.captured_at);
    hour ??= at(hourOf(at(moment)) + HOUR_MS);
    yield* auditsUntil(moment);
    remember(alive, message);
    yield message;
  }
  yield* auditsUntil(end);
}

interface Told {
  readonly recorded: Recorded;
  readonly notification: Notification;
  readonly family: Family;
  readonly id: string;
}

interface Notification {
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The services that audit: which notifications tell a whole resource, and what an audit of it is called. */
interface Family {
  readonly told: RegExp;
  readonly id: string;
  readonly born: RegExp;
  readonly gone: string;
  readonly exists: string;
}

const FAMILIES: readonly Family[] = [
  {
    told: /^compute\.instance\.(?!update).*(\.end|exists)$/,
    id: "instance_id",
    born: /^compute\.instance\.create\.end$/,
    gone: "compute.instance.delete.end",
    exists: "compute.instance.exists",
  },
  {
    told: /^volume\.(?!transfer).*(\.end|exists)$/,
    id: "volume_id",
    born: /^volume\.create\.end$/,
    gone: "volume.delete.end",
    exists: "volume.exists",
  },
  {
    told: /^snapshot\..*(\.end|exists)$/,
    id: "snapshot_id",
    born: /^snapshot\.create\.end$/,
    gone: "snapshot.delete.end",
    exists: "snapshot.exists",
  },
];

function remember(alive: Map<string, Told>, recorded: Recorded): void {
  const notification = notificationOf(recorded);
  const family = FAMILIES.find(({ told }) => told.test(notification.event_type));
  const id = family === undefined ? undefined : notification.payload[family.id];
  if (family === undefined || typeof id !== "string") return;
  const key = `${family.id}/${id}`;
  if (notification.event_type === family.gone) alive.delete(key);
  else if (alive.has(key) || family.born.test(notification.event_type))
    alive.set(key, { recorded, notification, family, id });
}

function notificationOf({ body }: Recorded): Notification {
  const outer = JSON.parse(body) as Record<string, unknown>;
  return (typeof outer["oslo.message"] === "string" ? JSON.parse(outer["oslo.message"]) : outer) as Notification;
}

function audit({ recorded, notification, family, id }: Told, hour: Instant): Recorded {
  const digest = createHash("sha256").update(`${family.exists}/${id}/${hour}`).digest("hex");
  const body = {
    ...notification,
    message_id: uuid(digest),
    _unique_id: digest.slice(32),
    _context_request_id: `req-${uuid(digest)}`,
    event_type: family.exists,
    timestamp: `${written(at(hour))}.${digest.replaceAll(/\D/g, "").slice(0, 6).padEnd(6, "0")}`,
    payload: {
      ...notification.payload,
      audit_period_beginning: written(at(hour - HOUR_MS)),
      audit_period_ending: written(hour),
    },
  };
  return {
    ...recorded,
    captured_at: iso(hour),
    body: JSON.stringify({ "oslo.version": "2.0", "oslo.message": JSON.stringify(body) }),
  };
}

const uuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");

/** As OpenStack writes an instant in an audit: `2026-10-01 05:00:00`. */
const written = (moment: Instant): string => iso(moment).replace("T", " ").replace("Z", "");
