import { available, type ServerName } from "./available.ts";

/** Run by `npm test`: the servers that suites would have to do without, one package to a line. */
const servers: readonly ServerName[] = [
  "nats-server",
  "rabbitmq-server",
  "postgresql",
  "influxdb",
  "prometheus",
  "chdb",
];
for (const name of servers) {
  if (!(await available(name)).ok) console.log(name);
}
