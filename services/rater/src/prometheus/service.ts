import { meterNamed } from "@raingauge/domain";

/** The OpenStack service that a resource belongs to, by the beginning of its type; another type stands for itself. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^(instance|nova)/, "compute"],
  [/^(volume|snapshot|backup)/, "block-storage"],
  [/^image/, "image"],
  [/^(ip\.|floating|router|port|network|subnet|bandwidth|vpn|firewall)/, "network"],
  [/^(storage|swift|account|container|bucket|radosgw)/, "object-store"],
];

export function serviceOf(meter: string): string {
  const type = meterNamed(meter)?.resourceType ?? "";
  return SERVICES.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}
