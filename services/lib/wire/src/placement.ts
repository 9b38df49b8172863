import type { Placement } from "@raingauge/domain";
import { canonical, sha256 } from "./canonical.ts";

/** Of everything that was said of where one project belongs, in the order of its saying. */
export const placementsDigest = (placements: readonly Placement[], project: string): string =>
  sha256(
    canonical(
      placements.filter((each) => each.project === project).map(({ domain, since }) => [project, domain, since]),
    ),
  );
