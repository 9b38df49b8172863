import { at, type Batch, contains, HOUR_MS, type Period } from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { type Cloud, INSTANCE_METERS, polls, START } from "./cloud.ts";

/** What is asked about. */
export const MONTH: Period = { start: START, end: at(START + 31 * 24 * HOUR_MS) };

/** An hour in the middle of it whose readings come after everything else. */
const LATE: Period = { start: at(START + 15 * 24 * HOUR_MS), end: at(START + (15 * 24 + 1) * HOUR_MS) };

const POLL_MINUTES = 10;

/** One price book's worth of an instance. */
const BILLABLE: readonly string[] = [
  "instance",
  "vcpus",
  "memory",
  "disk.root.size",
  "disk.ephemeral.size",
  "cpu",
  "network.incoming.bytes",
  "network.outgoing.bytes",
];

export const METERS = INSTANCE_METERS.filter(({ name }) => BILLABLE.includes(name));

/** What the pollers said in a month of so many machines, with the last reading after its end, and how it comes to a store. */
export interface Month {
  readonly batches: readonly Batch[];
  readonly inTime: readonly Arrival[];
  readonly late: readonly Arrival[];
}

export function monthOf(machines: number): Month {
  const cloud: Cloud = {
    hosts: 1,
    machinesPerHost: machines,
    projectsPerHost: 4,
    meters: METERS,
    pollMinutes: POLL_MINUTES,
  };
  const ticks = (MONTH.end - MONTH.start) / (POLL_MINUTES * 60_000) + 1;
  const batches = [...polls(cloud, ticks)];
  const arrivals = batches.map(arrivalOf);
  return { batches, inTime: arrivals.filter((each) => !isLate(each)), late: arrivals.filter(isLate) };
}

const arrivalOf = (batch: Batch, index: number): Arrival => ({
  position: { stream: "bench", sequence: BigInt(index + 1) },
  batch,
});

const isLate = ({ batch: { samples } }: Arrival): boolean => samples.some(({ at: moment }) => contains(LATE, moment));
