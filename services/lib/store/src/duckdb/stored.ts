import type { Instant } from "@raingauge/domain";
import { incarnationOf } from "../incarnation.ts";
import { stanceOf } from "../stance.ts";
import { StoredReading } from "../stored-reading.ts";
import { type Cells, integer, optional, text, whole } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";

/** Cells: value, stance, claim, telling, mark, sequence, transition, message. */
export function storedReading(catalogue: Catalogue, seriesId: number, at: Instant, cells: Cells): StoredReading {
  const [value, stance, claimId, telling, mark, sequence, transition, message] = cells;
  const series = catalogue.series[seriesId];
  const claim = catalogue.claims[integer(claimId)];
  if (series === undefined || claim === undefined)
    throw new RangeError(`no series has the number ${seriesId}, or no claim the number ${String(claimId)}`);
  const { region, meter, resource } = series;
  const { project, origin, source, dimensions } = claim;
  const passage = optional(transition, text);
  const incarnation = incarnationOf(series, claim);
  const said = {
    region,
    project,
    meter,
    resource,
    at,
    value: whole(value),
    origin,
    source,
    stance: stanceOf(integer(stance)),
    dimensions,
    sequence: integer(sequence),
    message: optional(message, text) ?? "",
    ...(passage === undefined ? {} : { transition: passage }),
    ...(incarnation === undefined ? {} : { incarnation }),
  };
  return new StoredReading(said, integer(telling), integer(mark));
}
