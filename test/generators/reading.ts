import { at, type Dimensions, type Instant, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { deltaOf, sampleOf } from "@raingauge/wire";

/** What a test says of a reading; the rest is ordinary. */
export type Told = Partial<Omit<Sample, "id" | "at">> & { readonly at: Instant };

/** An instance's poll, unless told otherwise. */
export const reading = (told: Told): Sample => sampleOf(whole(told));

/** A difference: what names it is its message. */
export const difference = (told: Told): Sample => deltaOf(whole(told));

function whole(told: Told): Omit<Sample, "id"> {
  return {
    region: "RegionOne",
    project: "acme",
    meter: "instance",
    resource: "vm-1",
    value: 1n,
    origin: "poll",
    source: "libvirt",
    stance: "states",
    dimensions: SMALL,
    sequence: told.at,
    message: `m-${told.at}`,
    ...told,
  };
}

export const SMALL: Dimensions = { flavor: "m1.small", state: "active", image: "cirros", availability_zone: "nova" };
export const LARGE: Dimensions = { ...SMALL, flavor: "m1.large" };

export const NOON: Instant = instant("2026-01-15T12:00:00Z");

/** So many minutes past noon. */
export const minute = (count: number): Instant => at(NOON + Math.round(count * MINUTE_MS));
