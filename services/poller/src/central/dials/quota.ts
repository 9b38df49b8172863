import type { Payload } from "@raingauge/openstack";
import { type DialReading, dial } from "./reading.ts";
import { number, part } from "./said.ts";

/** How ours is called, and how many of it the service's own unit is. */
type Quotas = Readonly<Record<string, readonly [quota: string, factor: number]>>;

/** A project's quotas as it may see them itself, in one unit whatever service keeps them. */
export function quotaReadings(
  project: string,
  service: string,
  set: Payload,
  used: "in_use" | "used",
  quotas: Quotas,
): DialReading[] {
  return Object.entries(quotas).flatMap(([resource, [quota, factor]]) =>
    [["limit", "limit"] as const, ["used", used] as const].flatMap(([which, field]) => {
      const value = number(part(set, resource), field);
      return dial(`raingauge_quota_${which}`, { service, quota }, value && value * factor, project);
    }),
  );
}
