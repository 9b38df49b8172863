/** What a meter's readings mean, and so how they add up. */
export type MeterKind = "gauge" | "delta" | "cumulative";

/** A thing that is measured. Its name is Ceilometer's where Ceilometer has one. */
export interface Meter {
  readonly name: string;
  readonly kind: MeterKind;
  /** The integer unit in which it is stored and measured; GB and hours belong to prices and to pages. */
  readonly unit: string;
  readonly resourceType: string;
  /** An existence meter says that a resource was there: being there before and after proves being there between. */
  readonly existence: boolean;
  /** The dimensions that a price may name. */
  readonly dimensions: readonly string[];
  /**
   * A measured gauge's longest silence still read as "nothing changed". Past it the resource is unobserved, and
   * unobserved time is not billed: an outage of ours costs us, never the tenant. (An existence meter's limit belongs
   * to its confirming source, see `Watch`.)
   */
  readonly silenceSeconds: number;
}
