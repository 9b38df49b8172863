import type { DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { RollUpReport } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import { hourOf } from "./hour.ts";
import { noteHolds } from "./plain-hold.ts";
import { sumHours } from "./plain-hours.ts";
import { layOut } from "./plain-line.ts";
import { COUNTER, GAUGE, type PlainBench } from "./plain-terms.ts";
import { markPlain } from "./plain-work.ts";

/**
 * Rolls up what is plain, all series at once and by DuckDB itself: what `recompute` makes of each by itself, several times as
 * fast and on another core. Plain is a gauge or a counter whose readings each have an instant of their own, none of them an inferred end or told by a
 * transition, a final end only at the very end; one that was never rolled up, or whose new readings all come after what was, or between.
 * Nearly everything is. The rest stays in the temporary table `standing` and is nobody's until somebody else takes it; what was
 * taken is in the temporary table `plain_done`, and its hours, spans and states are staged beside the others'.
 */
export async function rollUpPlain(bench: PlainBench): Promise<RollUpReport> {
  const { connection } = bench;
  await connection.run("create or replace temp table plain_done (series_id integer)");
  const report = { series: 0, hours: 0 };
  for (const part of await markPlain(bench)) {
    await layOut(bench, part);
    await noteHolds(bench);
    await sumHours(bench);
    const done = await noteStates(connection);
    report.series += done.series;
    report.hours += done.hours;
  }
  return report;
}

/** How each series stands now, which hours were made anew, and what the next roll-up needs of what lies before. */
async function noteStates(connection: DuckDBConnection): Promise<RollUpReport> {
  await connection.run(`
    create or replace temp table plain_state as
    select series_id, w.starts, w.known_until, coalesce(w.known_since, e.first_at) as since, e.last_at, e.is_ended,
      e.is_open as open, w.was_stated or e.has_statement as stated,
      case when e.is_open then ${FOREVER}
        when e.is_ended or w.kind = ${COUNTER} then e.last_at + 1
        when w.kind = ${GAUGE} then e.last_at + w.silence_ms + 1
        else greatest(e.last_at, e.held) + 1 end as until
    from plain_end e join plain_mine w using (series_id) where not w.is_between`);
  await connection.run(`
    insert into new_rolled_series select series_id, since, until, last_at, last_at, stated, open from plain_state`);
  await connection.run(`
    insert into span select series_id, ${FROM}, ${hourAfter(`greatest(${UNTIL}, case when known_until < ${FOREVER} then known_until end)`)}
    from plain_state`);
  const before = `filter (l.moment < ${hourOf("s.last_at")})`;
  await connection.run(`
    insert into new_rolled_tail
    select series_id, max(l.moment) ${before}, arg_max(l.value, l.moment) ${before}, arg_max(l.claim_id, l.moment) ${before},
      arg_max(l.stated_claim, l.moment) ${before}, arg_max(l.stated_value, l.moment) ${before}
    from plain_line l join plain_state s using (series_id) where not s.is_ended group by series_id`);
  const between = "plain_mine w semi join plain_end using (series_id) where w.is_between";
  await connection.run(`insert into span select series_id, starts, ends from ${between}`);
  await connection.run("insert into plain_done select series_id from plain_end");
  const [row] = await rowsOf(connection, {
    sql: `
      with reached as (
        select (case when open then ${hourOf("last_at")} else ${hourAfter("until")} end - ${FROM}) // ${HOUR_MS} as hours
        from plain_state
        union all
        select (ends - starts) // ${HOUR_MS} from ${between})
      select count(*), coalesce(sum(hours), 0)::bigint from reached where hours > 0`,
  });
  return { series: integer(row?.[0]), hours: integer(row?.[1]) };
}

const hourAfter = (instant: string): string => hourOf(`${instant} + ${HOUR_MS - 1}`);

const FROM = `greatest(starts, ${hourOf("since")})`;

const UNTIL = "case when open then last_at + 1 else until end";
