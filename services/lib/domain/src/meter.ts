import type { Rational } from "./rational.ts";

/** What a meter's readings mean, and so how they add up. */
export type MeterKind = "gauge" | "delta" | "cumulative";

/** A thing that is measured. Its name is Ceilometer's where Ceilometer has one. */
export interface Meter {
  readonly name: string;
  readonly kind: MeterKind;
  /** The integer unit in which it is stored and measured; GB and hours belong to prices and to pages. */
  readonly unit: string;
  /** The unit in which people read it, which is Ceilometer's own. */
  readonly shown: ShownUnit;
  readonly resourceType: string;
  /** An existence meter says that a resource was there: being there before and after proves being there between. */
  readonly existence: boolean;
  /** The dimensions that a price may name. */
  readonly dimensions: readonly string[];
  /** Whether a price may name it at all. A fan's speed is to be looked at; it costs nobody anything. */
  readonly isPriceable: boolean;
  /**
   * A measured gauge's longest silence still read as "nothing changed". Past it the resource is unobserved, and
   * unobserved time is not billed: an outage of ours costs us, never the tenant. (An existence meter's limit belongs
   * to its confirming source, see `Watch`.)
   */
  readonly silenceSeconds: number;
  /** Who says it, whether or not that source is built yet. */
  readonly sources: readonly MeterSource[];
  /** Other names for the very same quantity, as Ceilometer had them. Accepted where a person writes one, never stored. */
  readonly aliases: readonly string[];
}

export interface ShownUnit {
  readonly unit: string;
  /** How many base units are one of it. */
  readonly factor: Rational;
}

export interface MeterSource {
  /** `libvirt`, `host`, `ipmi` and `central` are read by the poller, `notification` is what the listener hears. */
  readonly by: "notification" | "libvirt" | "host" | "central" | "ipmi";
  /** The event types, the fields, the call: in that source's own words. */
  readonly from: string;
}
