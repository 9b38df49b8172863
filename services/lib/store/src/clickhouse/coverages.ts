import type { Coverage } from "@raingauge/domain";
import type { CoverageQuery } from "../store.ts";
import type { Cursor } from "./cursor.ts";
import { counted, type Seen } from "./seen.ts";
import { every, quoted } from "./sql.ts";

/** Whatever overlaps a period, by start, then as it came. What two writers stored at once stands at one place of one stream. */
export const coverages = ({ server, lasts }: Seen, { period, region }: CoverageQuery): Promise<Coverage[]> =>
  server.ask(
    `select region, source, agent, starts, ends, resource_types, limit_seconds from ${server.table("coverage")}
      where ${every(
        `greatest(starts, ${period.start}) < least(ends, ${period.end})`,
        region === undefined ? undefined : `region = ${quoted(region)}`,
        counted(lasts),
      )}
      order by starts, lot, sequence, part limit 1 by stream, sequence, part`,
    coverageOf,
  );

function coverageOf(row: Cursor): Coverage {
  const [region, source, agent, start, end] = [row.text(), row.text(), row.text(), row.moment(), row.moment()];
  const [types, limit] = [row.text(), row.text()];
  return {
    region,
    source,
    agent,
    period: { start, end },
    ...(types === "" ? {} : { confirms: { resourceTypes: JSON.parse(types), limitSeconds: Number(limit) } }),
  };
}
