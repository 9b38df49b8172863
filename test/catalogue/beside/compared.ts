import { canonicalName, METERS, type Sample } from "@raingauge/domain";
import { besideNotification } from "./heard.ts";
import { besideGuest } from "./polled.ts";
import { besideSweep } from "./swept.ts";
import { heardByThem, polledByThem, type Theirs } from "./theirs.ts";

/** A reading of theirs beside what we say of the same thing. */
export interface Beside {
  readonly theirs: Theirs;
  /** By our name. */
  readonly meter: string;
  /** Theirs in our meter's base unit; undefined where there is no such meter, or where it would not be whole. */
  readonly value: bigint | undefined;
  readonly from: "notification" | "libvirt" | "API";
  /** What ours say of that meter and resource; a reading of a counter lies somewhere between two of ours. */
  readonly ours: readonly Pick<Sample, "project" | "value">[];
  readonly between?: boolean;
  /** Of a notification: its type, and why we take nothing from it. */
  readonly type?: string;
  readonly ignored?: string;
}

export type Pairing = Pick<Beside, "from" | "ours" | "between" | "type" | "ignored">;

/** Every reading of theirs, each beside ours. */
export async function compared(): Promise<readonly Beside[]> {
  const besideMessage = besideNotification();
  const besideReport = besideGuest();
  const besideAnswer = await besideSweep();
  return [
    ...heardByThem().map((theirs) => beside(theirs, besideMessage)),
    ...polledByThem().map((theirs) => beside(theirs, (...asked) => besideReport(...asked) ?? besideAnswer(...asked))),
  ];
}

function beside(theirs: Theirs, pair: (theirs: Theirs, meter: string) => Pairing): Beside {
  const meter = canonicalName(theirs.name);
  return { theirs, meter, value: amountOf(theirs, meter), ...pair(theirs, meter) };
}

/** They write GB and MB for what is 1024³ and 1024² bytes. */
function amountOf({ volume }: Theirs, name: string): bigint | undefined {
  const factor = METERS.find((meter) => meter.name === name)?.shown.factor.numerator;
  const value = factor === undefined ? Number.NaN : volume * Number(factor);
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** The same amount, and the same project where they name one. */
export function isSame({ theirs, value, ours, between = false }: Beside): boolean {
  if (value === undefined) return false;
  const mine = ours.filter(({ project }) => theirs.project_id === null || project === theirs.project_id);
  if (!between) return mine.some((each) => each.value === value);
  return mine.some((each) => each.value <= value) && mine.some((each) => each.value >= value);
}
