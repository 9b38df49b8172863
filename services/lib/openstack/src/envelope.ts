import { EnvelopeError } from "./envelope-error.ts";
import { isObject, type Notification, notification, type Payload } from "./notification.ts";

/**
 * Nothing that a service says of a resource comes near it; what does would cost the parser more memory than one message
 * is worth, and is kept for people to look at instead.
 */
export const NOTIFICATION_BYTES_MAX = 1024 * 1024;

/**
 * Takes a notification out of its envelope: oslo's second version (JSON within JSON) or its first (the bare object), as
 * bytes, as text or already parsed. Throws EnvelopeError.
 */
export function openEnvelope(body: unknown): Notification {
  const outer = objectIn(body);
  if (!("oslo.version" in outer) && !("oslo.message" in outer)) return notification(outer);
  const version = outer["oslo.version"];
  if (version !== "2.0")
    throw new EnvelopeError("envelope_unknown", `an envelope of version ${JSON.stringify(version)?.slice(0, 20)}`);
  return notification(objectIn(outer["oslo.message"]));
}

function objectIn(body: unknown): Payload {
  const said = typeof body === "string" || body instanceof Uint8Array ? parsed(body) : body;
  if (!isObject(said)) throw new EnvelopeError("envelope_unknown", "the message is no JSON object");
  return said;
}

function parsed(body: string | Uint8Array): unknown {
  if (body.length > NOTIFICATION_BYTES_MAX) {
    throw new EnvelopeError(
      "too_large",
      `${body.length} bytes are more than the ${NOTIFICATION_BYTES_MAX} of a notification`,
    );
  }
  try {
    return JSON.parse(typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new EnvelopeError("not_json", "the message is not JSON in UTF-8");
  }
}
