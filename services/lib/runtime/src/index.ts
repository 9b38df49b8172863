export { authorityProblem } from "./authority.ts";
export { BUS_READERS, type BusSettings, busOptions } from "./bus-settings.ts";
export {
  ConfigError,
  type Environment,
  PREFIX,
  type Reader,
  type Readers,
  readConfig,
  type Settings,
} from "./config.ts";
export { type Check, type Health, type HealthOptions, health, whyNot } from "./health.ts";
export { type Fields, jsonLog, LEVELS, type Level, type Log, silentLog } from "./log.ts";
export {
  type CounterOf,
  counter,
  type Description,
  type Exposition,
  type GaugeOf,
  gauge,
  type HistogramOf,
  histogram,
  type Instruments,
  type Labels,
  metrics,
  processMetrics,
} from "./metrics.ts";
export { authority, choice, count, cron, file, flag, list, optional, path, seconds, text } from "./readers.ts";
export { EXIT_CONFIG, EXIT_FAILED, run, type Tools } from "./run.ts";
export { Secret, secretFile, type UrlOptions, url, urls } from "./secret.ts";
export { isSecretName } from "./secret-name.ts";
export { unreadable } from "./unreadable.ts";
export { VERSION } from "./version.ts";
