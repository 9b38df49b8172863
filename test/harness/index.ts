export { privatePort } from "@raingauge/servers";
export { type Availability, available, describeWith, type ServerName } from "./available.ts";
export { natsServer } from "./nats.ts";
export { postgresServer } from "./postgres.ts";
export { rabbitServer } from "./rabbit.ts";
export type { Server } from "./server.ts";
