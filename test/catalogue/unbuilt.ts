import type { MeterSource } from "@raingauge/domain";

/** A source that the catalogue names and that nothing here reads yet, and what tells the same or more meanwhile. */
export interface Unbuilt {
  readonly meters: RegExp;
  readonly by: MeterSource["by"];
  readonly instead: string;
}

export const UNBUILT: readonly Unbuilt[] = [
  {
    meters: /^compute\.node\.cpu\./,
    by: "notification",
    instead: "Nova's monitor, off by default; the poller on the host reads `hardware.cpu.*`",
  },
  {
    meters: /^compute\.instance\.booting\.time$/,
    by: "notification",
    instead: "the events of a machine have both of its instants",
  },
  {
    meters: /^volume\.provider\./,
    by: "notification",
    instead: "the sweep reads the pools from Cinder's scheduler",
  },
  {
    meters: /^trove\.volume\.size$/,
    by: "notification",
    instead: "a database's machine is billed; its volume is Cinder's",
  },
  {
    meters: /^identity\.authenticate\./,
    by: "notification",
    instead: "each is an event, with its outcome",
  },
  { meters: /^http\.re(quest|sponse)$/, by: "notification", instead: "each is an event, without its query" },
  { meters: /^hardware\.ipmi\./, by: "notification", instead: "the pollers ask the boards themselves" },
];

export const unbuilt = (meter: string, by: MeterSource["by"]): Unbuilt | undefined =>
  UNBUILT.find((each) => each.by === by && each.meters.test(meter));
