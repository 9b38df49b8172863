import type { Board } from "../board.ts";
import { ALARMS } from "./alarms.ts";
import { API_SLO } from "./api-slo.ts";
import { CAPACITY } from "./capacity.ts";
import { CLOUD_OVERVIEW } from "./cloud-overview.ts";
import { COMPUTE_HOST } from "./compute-host.ts";
import { COST_EXPLORER } from "./cost-explorer.ts";
import { FINANCE } from "./finance.ts";
import { INSTANCE } from "./instance.ts";
import { PIPELINE_BOARD } from "./pipeline.ts";
import { PROJECT_BOARD } from "./project.ts";
import { STORAGE_NET } from "./storage-net.ts";
import { WEEKLY_REPORT } from "./weekly-report.ts";

export const BOARDS: readonly Board[] = [
  CLOUD_OVERVIEW,
  COMPUTE_HOST,
  INSTANCE,
  PROJECT_BOARD,
  COST_EXPLORER,
  FINANCE,
  PIPELINE_BOARD,
  API_SLO,
  CAPACITY,
  ALARMS,
  STORAGE_NET,
  WEEKLY_REPORT,
];
