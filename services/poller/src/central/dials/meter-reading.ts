import { CLOUD, type Dimensions, type Incarnation, type Sample } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";
import type { Dialled } from "./reading.ts";

/** What a meter read of something that is measured anew each time: an account, a bucket, a pool. */
export interface MeterReading {
  readonly meter: string;
  /** The service that said it. */
  readonly source: string;
  readonly resource: string;
  /** Absent for what belongs to the cloud. */
  readonly project?: string;
  /** In the meter's base unit. */
  readonly value: bigint;
  readonly dimensions: Dimensions;
  /** Of a counter that may begin anew. */
  readonly incarnation?: Incarnation;
}

export const meterSample = ({ project = CLOUD, ...reading }: MeterReading, { region, at, message }: Dialled): Sample =>
  sampleOf({ ...reading, ...{ region, at, message, project }, origin: "api", stance: "states", sequence: at * 1_000 });
