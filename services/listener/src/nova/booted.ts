import { type Instant, SECOND_MS } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { begins, type Happening } from "../happening.ts";
import { implied } from "../telling.ts";

/** A machine begins, and how long it took from when it was asked for is measured, to be looked at. */
export const boots =
  (askedAt: (notification: Notification) => Instant | undefined): Happening =>
  (telling) => {
    const { notification, place, resource } = telling;
    const [asked, launched] = [askedAt(notification), resource.beginning?.at];
    const isKnown = asked !== undefined && launched !== undefined && launched >= asked;
    return [...begins(telling), ...(isKnown ? [booting(launched, BigInt((launched - asked) / SECOND_MS))] : [])];

    function booting(at: Instant, value: bigint) {
      const { source, project, id } = resource;
      const said = { region: place.region, source, project, resource: id, at, value, dimensions: {} };
      return implied(notification, { ...said, meter: "compute.instance.booting.time", stance: "states" });
    }
  };
