import type { Coverage } from "@raingauge/domain";
import { type Cells, integer, moment, optional, text } from "./answer.ts";
import type { Row } from "./table.ts";

/** In the order in which coverage lies in a table, wherever that is. A listener confirms nothing: its last two are null. */
export const coverageRow = ({ region, source, agent, period, confirms }: Coverage): Row => [
  region,
  source,
  agent,
  BigInt(period.start),
  BigInt(period.end),
  confirms === undefined ? null : JSON.stringify(confirms.resourceTypes),
  confirms?.limitSeconds ?? null,
];

export function coverageOf([region, source, agent, start, end, resourceTypes, limitSeconds]: Cells): Coverage {
  const types = optional(resourceTypes, text);
  return {
    region: text(region),
    source: text(source),
    agent: text(agent),
    period: { start: moment(start), end: moment(end) },
    ...(types === undefined
      ? {}
      : { confirms: { resourceTypes: JSON.parse(types), limitSeconds: integer(limitSeconds) } }),
  };
}
