import type { DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { RollUpReport } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import { placeNew } from "./days.ts";
import { hourOf } from "./hour.ts";
import { insertFound } from "./insert.ts";
import { takenApart } from "./parts-of.ts";
import { noteHolds, noteLimits } from "./plain-hold.ts";
import { sumHours } from "./plain-hours.ts";
import { layOut } from "./plain-line.ts";
import { COUNTER, GAUGE, type PlainBench } from "./plain-terms.ts";
import { markPlain } from "./plain-work.ts";
import { putInPlace } from "./replacing.ts";

/**
 * Rolls up what is plain, all series at once and by DuckDB itself: what `recompute` makes of each by itself, several times as
 * fast and on another core. Plain is a gauge or a counter whose readings each have an instant of their own, none of them an inferred end or told by a
 * transition, a final end only at the very end; one that was never rolled up, or whose new readings all come after what was, or between.
 * Nearly everything is. The rest stays in the temporary table `standing` and is nobody's until somebody else takes it; what was
 * taken is in the temporary table `plain_done`. Its hours take the place of the old ones part by part, so that no month of them is ever
 * held twice; its states are staged beside the others'.
 */
export async function rollUpPlain(bench: PlainBench): Promise<RollUpReport> {
  const { connection, catalogue } = bench;
  await connection.run("create or replace temp table plain_done (series_id integer)");
  const report = { series: 0, hours: 0 };
  const { parts, readings } = await markPlain(bench);
  await placeNew(connection, catalogue, "plain_work");
  await noteLimits(bench);
  for await (const part of takenApart(connection, parts, readings)) {
    await layOut(connection, part);
    await noteHolds(bench);
    await sumHours(bench);
    const done = await noteStates(connection);
    await putInPlace(connection);
    report.series += done.series;
    report.hours += done.hours;
  }
  return report;
}

/** How each series stands now, which hours were made anew, and what the next roll-up needs of what lies before. */
async function noteStates(connection: DuckDBConnection): Promise<RollUpReport> {
  await connection.run(`
    create or replace temp table plain_state as
    select series_id, starts, known_until, coalesce(known_since, first_at) as since, last_at, is_ended, is_open as open,
      was_stated or has_statement as stated,
      case when is_open then ${FOREVER}
        when is_ended or kind = ${COUNTER} then last_at + 1
        when kind = ${GAUGE} then last_at + silence_ms + 1
        else greatest(last_at, held) + 1 end as until
    from plain_end where not is_between`);
  await insertFound(
    connection,
    "new_rolled_series",
    "select series_id, since, until, last_at, last_at, stated, open from plain_state",
  );
  const through = hourAfter(`greatest(${UNTIL}, case when known_until < ${FOREVER} then known_until end)`);
  await insertFound(connection, "span", `select series_id, ${FROM}, ${through} from plain_state`);
  const before = `filter (l.moment < ${hourOf("s.last_at")})`;
  await connection.run(`
    insert into new_rolled_tail
    select series_id, max(l.moment) ${before}, arg_max(l.value, l.moment) ${before}, arg_max(l.claim_id, l.moment) ${before},
      arg_max(l.stated_claim, l.moment) ${before}, arg_max(l.stated_value, l.moment) ${before}
    from plain_line l join plain_state s using (series_id) where not s.is_ended group by series_id`);
  const between = "plain_end where is_between";
  await insertFound(connection, "span", `select series_id, starts, ends from ${between}`);
  await insertFound(connection, "plain_done", "select series_id from plain_end");
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
