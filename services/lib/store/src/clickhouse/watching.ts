import type { Coverage } from "@raingauge/domain";
import { type Watching, watchingOver } from "../sources.ts";
import { counted, type Seen } from "./seen.ts";

/** What was known of the sources of every region. */
export async function watching(seen: Seen): Promise<Watching> {
  return watchingOver((await Promise.all([confirming(seen), listening(seen)])).flat());
}

/** Of a confirming source only its beginning and its limit matter. */
const confirming = ({ server, lasts }: Seen): Promise<Coverage[]> =>
  server.ask(
    `select region, source, resource_types, limit_seconds, min(starts) from ${server.table("coverage")}
      where resource_types <> '' and ${counted(lasts)} group by region, source, resource_types, limit_seconds`,
    (row) => {
      const [region, source, types, limit] = [row.text(), row.text(), row.text(), row.text()];
      const start = row.moment();
      return {
        region,
        source,
        agent: "",
        period: { start, end: start },
        confirms: { resourceTypes: JSON.parse(types), limitSeconds: Number(limit) },
      };
    },
  );

/** A listener speaks every minute; a month of that is one stretch, or a few. */
const listening = ({ server, lasts }: Seen): Promise<Coverage[]> =>
  server.ask(
    `with
      gaps as (
        select region, starts, ends, starts > max(ends) over (
          partition by region order by starts, ends rows between unbounded preceding and 1 preceding) as gap
        from ${server.table("coverage")} where resource_types = '' and ${counted(lasts)}),
      numbered as (
        select region, starts, ends,
          sum(gap) over (partition by region order by starts, ends rows between unbounded preceding and current row) as stretch
        from gaps)
      select region, min(starts), max(ends) from numbered group by region, stretch`,
    (row) => ({
      region: row.text(),
      source: "listener",
      agent: "",
      period: { start: row.moment(), end: row.moment() },
    }),
  );
