/** Where a meter is told otherwise than by Ceilometer, and why. By Ceilometer's name. */
export interface Difference {
  readonly kind?: string;
  readonly unit?: string;
  readonly why: string;
}

const COUNTS = "it only grows, until it is begun anew; Ceilometer declares a gauge, whose mean says nothing";
const SECONDS = "one word for a second";
const GROWTH =
  "the usage of the counter in a period is that difference, and needs no agent to remember the reading before";
const AUDITED = "the seconds of an audit are the time for which the resource was there";

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  "perf.cpu.cycles": { kind: "cumulative", unit: "cycle", why: COUNTS },
  "perf.instructions": { kind: "cumulative", unit: "instruction", why: COUNTS },
  "perf.cache.references": { kind: "cumulative", unit: "reference", why: COUNTS },
  "perf.cache.misses": { kind: "cumulative", unit: "miss", why: COUNTS },
  "radosgw.api.request": { kind: "cumulative", why: COUNTS },
  "radosgw.objects.containers": { unit: "container", why: "what it counts are buckets, not objects" },
  "compute.instance.booting.time": { unit: "s", why: SECONDS },
  "dns.zone.ttl": { unit: "s", why: SECONDS },
  "network.incoming.bytes.delta": { kind: "cumulative", why: GROWTH },
  "network.outgoing.bytes.delta": { kind: "cumulative", why: GROWTH },
  "trove.instance.exists": { kind: "gauge", unit: "instance", why: AUDITED },
  "dns.domain.exists": { kind: "gauge", unit: "zone", why: AUDITED },
};
