import type { AlertGroup } from "../alert.ts";
import { BUS } from "./bus.ts";
import { CAPACITY_GROUP } from "./capacity.ts";
import { COSTS } from "./cost.ts";
import { PIPELINE } from "./pipeline.ts";
import { QUALITY } from "./quality.ts";
import { CLOSING, RATING } from "./rating.ts";
import { META, PROCESS, SERVICE } from "./service.ts";
import { STORE } from "./store.ts";
import { TIMING } from "./timing.ts";

export const ALERT_GROUPS: readonly AlertGroup[] = [
  PIPELINE,
  TIMING,
  BUS,
  QUALITY,
  STORE,
  RATING,
  CLOSING,
  COSTS,
  CAPACITY_GROUP,
  SERVICE,
  PROCESS,
  META,
];
