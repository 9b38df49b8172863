export { NOTIFICATION_BYTES_MAX, openEnvelope } from "./envelope.ts";
export { EnvelopeError, type EnvelopeProblem } from "./envelope-error.ts";
export { isObject, type Notification, type Payload } from "./notification.ts";
