import type { Payload } from "@raingauge/openstack";
import { type AddressBlock, addressBlock, blocksIn, freeIn, overlaps } from "./address-block.ts";
import { type DialReading, dial } from "./reading.ts";
import { label, labels, number } from "./said.ts";

/** Of each prefix of each pool, and each length that the pool hands out: how many subnets there could be, are, and may still be. */
export function subnetPoolDials(pools: readonly Payload[], subnets: readonly Payload[]): DialReading[] {
  const byPool = Map.groupBy(subnets, (said) => label(said, "subnetpool_id"));
  return pools.flatMap((pool) => {
    const taken = (byPool.get(label(pool, "id")) ?? []).flatMap((said) => addressBlock(label(said, "cidr")) ?? []);
    return label(pool, "prefixes")
      .split(",")
      .flatMap((written) => {
        const prefix = addressBlock(written);
        return prefix === undefined ? [] : ofPrefix(pool, written, prefix, taken);
      });
  });
}

function ofPrefix(pool: Payload, written: string, prefix: AddressBlock, taken: readonly AddressBlock[]): DialReading[] {
  const [shortest, longest] = [number(pool, "min_prefixlen"), number(pool, "max_prefixlen")];
  if (shortest === undefined || longest === undefined) return [];
  const of = {
    ...labels(pool, { ip_version: "ip_version", subnet_pool_id: "id", subnet_pool_name: "name" }),
    project_id: label(pool, "project_id") || label(pool, "tenant_id"),
    prefix: written,
  };
  const from = Math.max(shortest, prefix.length);
  return Array.from({ length: Math.max(0, Math.min(longest, 128) - from + 1) }, (_, index) => from + index).flatMap(
    (length) => {
      const each = { ...of, prefix_length: String(length) };
      const used = taken.filter((one) => one.length === length && overlaps(prefix, one)).length;
      return [
        ...dial("openstack_neutron_subnets_total", each, Number(blocksIn(prefix, length))),
        ...dial("openstack_neutron_subnets_used", each, used),
        ...dial("openstack_neutron_subnets_free", each, Number(freeIn(prefix, length, taken))),
      ];
    },
  );
}
