/** A status that Ceilometer numbers and calls a gauge. The mean of a status says nothing, so it is no meter here. */
export interface Status {
  readonly name: string;
  /** The meter whose resource is in that status. */
  readonly meter: string;
  /** A price may name a dimension; an attribute is shown with its resource. */
  readonly as: "dimension" | "attribute";
  readonly key: string;
}

export const STATUSES: readonly Status[] = [
  { name: "power.state", meter: "instance", as: "dimension", key: "state" },
  // It changes without being notified, so that a bill would depend on when we looked.
  { name: "loadbalancer.operating", meter: "loadbalancer", as: "attribute", key: "operating_status" },
  { name: "loadbalancer.provisioning", meter: "loadbalancer", as: "dimension", key: "state" },
  { name: "dns.zone.status", meter: "dns.zone", as: "dimension", key: "state" },
  { name: "manila.share.status", meter: "manila.share.size", as: "dimension", key: "state" },
];
