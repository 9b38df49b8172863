import { EnvelopeError } from "./envelope-error.ts";

export type Payload = Readonly<Record<string, unknown>>;

/** What a service told the others, out of its envelope. What the payload says is for whoever knows the service. */
export interface Notification {
  readonly messageId: string;
  /** `compute.instance.create.end`, `volume.delete.end`, … */
  readonly type: string;
  /** Which process said it, e.g. `compute.compute-01`; empty where the sender left it out. */
  readonly publisher: string;
  /** In lower case: `info`, `error`, … */
  readonly priority: string;
  /** When it was said: microseconds since the epoch, which order what happened within one millisecond. */
  readonly microseconds: number;
  /** The request that led to it, for pairing two tellings of one thing. */
  readonly requestId?: string;
  /** Who asked. Recent oslo strips the context, so a payload's own fields come first. */
  readonly actor: { readonly project?: string; readonly user?: string };
  readonly payload: Payload;
}

/** A notification from the inner object of an envelope. Throws EnvelopeError. */
export function notification(said: Payload): Notification {
  const payload = said["payload"];
  if (!isObject(payload)) throw new EnvelopeError("payload_missing", "the notification has no payload object");
  const requestId = text(said["_context_request_id"]);
  const project = text(said["_context_project_id"]) ?? text(said["_context_tenant"]);
  const user = text(said["_context_user_id"]) ?? text(said["_context_user"]);
  return {
    messageId: needed(said, "message_id"),
    type: needed(said, "event_type"),
    publisher: text(said["publisher_id"]) ?? "",
    priority: (text(said["priority"]) ?? "").toLowerCase(),
    microseconds: microseconds(needed(said, "timestamp")),
    ...(requestId === undefined ? {} : { requestId }),
    actor: { ...(project === undefined ? {} : { project }), ...(user === undefined ? {} : { user }) },
    payload,
  };
}

export const isObject = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function needed(said: Payload, field: string): string {
  const value = text(said[field]);
  if (value === undefined) throw new EnvelopeError("field_missing", `the notification has no ${field}`);
  return value;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|\+00:?00)?$/;

/** oslo writes UTC and does not say so. */
function microseconds(timestamp: string): number {
  const [, date, time, fraction = ""] = TIMESTAMP.exec(timestamp) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms))
    throw new EnvelopeError("timestamp_unreadable", `not a timestamp of oslo's: ${timestamp.slice(0, 40)}`);
  return ms * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
