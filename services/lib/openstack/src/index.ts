export { type Broker, parseBroker } from "./amqp/broker.ts";
export { type Hearer, type Hearing, hear, type Incoming } from "./amqp/hear.ts";
export type { Session } from "./amqp/session.ts";
export { type Speaker, speak } from "./amqp/speak.ts";
export type { Pool } from "./amqp/topology.ts";
export { NOTIFICATION_BYTES_MAX, openEnvelope } from "./envelope.ts";
export { EnvelopeError, type EnvelopeProblem } from "./envelope-error.ts";
export { isObject, type Notification, type Payload } from "./notification.ts";
