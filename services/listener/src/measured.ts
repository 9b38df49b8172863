import { exact } from "@raingauge/definitions";
import { CLOUD, instant, meterNamed, type Sample, times } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import type { Place } from "./heard.ts";
import { implied, saidAt } from "./telling.ts";

/** What a notification measured of something that belongs to no project. */
export interface Measured {
  readonly meter: string;
  readonly source: string;
  readonly resource: string;
  /** In the unit in which the meter is shown. */
  readonly value: unknown;
}

/** Since when a counter of a host counts, nobody says: its first reading is a baseline. */
const SINCE_EVER = instant("2000-01-01T00:00:00Z");

/** It is there to be looked at: what is no number, or less than none (`infinite`, `unknown`), is left out and breaks nothing. */
export function measured(notification: Notification, { region }: Place, said: Measured): readonly Sample[] {
  const { meter: name, source, resource, value: told } = said;
  const meter = meterNamed(name);
  const number = exact(told);
  if (meter === undefined || number === undefined || number.numerator < 0n) return [];
  const { numerator, denominator } = times(number, meter.shown.factor);
  const reading = { region, project: CLOUD, meter: name, source, resource, dimensions: {} };
  const incarnation = { host: resource, device: "", startedAt: SINCE_EVER, witnessed: false };
  return [
    implied(notification, {
      ...{ ...reading, value: numerator / denominator, at: saidAt(notification) },
      ...(meter.kind === "cumulative" ? { stance: "sights", incarnation } : { stance: "states" }),
    }),
  ];
}
