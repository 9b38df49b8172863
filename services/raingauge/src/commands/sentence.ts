import { BusUnavailable } from "@raingauge/bus";
import { LedgerConflict, LedgerUnavailable } from "@raingauge/ledger";
import { ApiError } from "@raingauge/openstack";
import { ConfigError, unreadable } from "@raingauge/runtime";
import { ServerMissing } from "@raingauge/servers";
import { StoreUnavailable } from "@raingauge/store";
import { InitialiseRefused } from "@raingauge/store/initialise";
import { ParquetAltered } from "@raingauge/store/parquet";
import { PriceBookError } from "@raingauge/wire";
import { Refused } from "../client.ts";
import { RecordingError } from "../demo/recording.ts";

const EXPECTED = [
  ApiError,
  BusUnavailable,
  ConfigError,
  InitialiseRefused,
  LedgerConflict,
  LedgerUnavailable,
  ParquetAltered,
  PriceBookError,
  RecordingError,
  Refused,
  ServerMissing,
  StoreUnavailable,
];

/** What to tell a person about an error that the parts have a name for; undefined for a bug. */
export function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isMissingFile(error)) return unreadable(error.path, error);
  return EXPECTED.some((kind) => error instanceof kind) ? error.message : undefined;
}

const isMissingFile = (error: Error): error is Error & { readonly path: string } =>
  "code" in error && (error.code === "ENOENT" || error.code === "EACCES") && "path" in error;
