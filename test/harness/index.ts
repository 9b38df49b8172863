export { answered, natsRecipe, type Program, privatePort, run } from "@raingauge/servers";
export { type Availability, available, describeWith, type ServerName } from "./available.ts";
export { type ClickhouseServer, chdbFolder, clickhouseServer } from "./clickhouse.ts";
export { type InfluxServer, influxExecutable, influxServer } from "./influx.ts";
export { natsServer } from "./nats.ts";
export { postgresServer } from "./postgres.ts";
export { prometheusServer, promtoolExecutable } from "./prometheus.ts";
export { rabbitServer, secureRabbitLacks, secureRabbitServer } from "./rabbit.ts";
export {
  type AskedCloud,
  inPages,
  type Play,
  type RecordedCloud,
  type Recording,
  recordedCloud,
  recording,
  TOKENS,
} from "./recorded-cloud.ts";
export { type Server, serve } from "./server.ts";
export { privateFolder, systemEngine } from "./system.ts";
