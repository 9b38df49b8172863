import { graduated } from "./graduated.ts";
import { packages } from "./package.ts";
import type { Rational } from "./rational.ts";
import type { ChargeTier, Tier } from "./tier.ts";
import { volume } from "./volume.ts";

/** How a price's amounts apply to a quantity. A price that names no model is graduated: each tier at its own amount. */
export type PriceModel = "volume" | "package" | "flat";

/** What so many units come to, tier by tier. Every unit is in exactly one tier; of packages, every started one. */
export function modelled(units: Rational, tiers: readonly Tier[], model: PriceModel | undefined): ChargeTier[] {
  switch (model) {
    case undefined:
    case "flat":
      return graduated(units, tiers);
    case "volume":
      return volume(units, tiers);
    case "package":
      return packages(units, tiers);
  }
}
