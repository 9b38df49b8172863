export { type Availability, available, describeWith, type ServerName } from "./available.ts";
export { natsServer } from "./nats.ts";
export { privatePort } from "./port.ts";
export { postgresServer } from "./postgres.ts";
export { rabbitServer } from "./rabbit.ts";
export type { Server } from "./server.ts";
