import type { MeterSource } from "@raingauge/domain";

/** A source that the catalogue names and that nothing here reads yet, and what tells the same or more meanwhile. */
export interface Unbuilt {
  readonly meters: RegExp;
  readonly by: MeterSource["by"];
  readonly instead: string;
}

export const UNBUILT: readonly Unbuilt[] = [
  {
    meters: /^trove\.volume\.size$/,
    by: "notification",
    instead: "a database's machine is billed; its volume is Cinder's",
  },
];

export const unbuilt = (meter: string, by: MeterSource["by"]): Unbuilt | undefined =>
  UNBUILT.find((each) => each.by === by && each.meters.test(meter));
