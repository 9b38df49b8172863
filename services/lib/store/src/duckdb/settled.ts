import { type DuckDBConnection, type DuckDBType, type DuckDBValue, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { at, meterNamed, type Period, type Scope } from "@raingauge/domain";
import { type Total, type TotalsQuery, termOf } from "../totals.ts";
import { integer, rowsOf, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { DAY_MS } from "./days.ts";
import type { Holder } from "./holders.ts";
import { evidenceOfSums } from "./rolled.ts";

export interface Rolled {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly holders: ReadonlyMap<number, Holder>;
  readonly parts: readonly Period[];
}

/**
 * Sums of what rests on roll-ups alone, each a row: whole days from the days, the edges of parts that cut one from the hours.
 * With `exceptMoving`, without the series that the temporary table `moving` names for a part.
 */
export async function settledTotals(
  { connection, catalogue, holders, parts }: Rolled,
  query: TotalsQuery,
  scope: Scope,
  { hours, exceptMoving }: { readonly hours: Period; readonly exceptMoving: boolean },
): Promise<Total[]> {
  const { by } = query;
  const numbered = parts.flatMap((part, number) => pieces(common(part, hours), number));
  if (numbered.length === 0) return [];
  const { where, values, types } = chosen(query, scope);
  const conditions = [
    ...where,
    ...(exceptMoving
      ? ["not exists (select 1 from moving m where m.series_id = u.series_id and m.number = u.number)"]
      : []),
  ];
  const rows = await rowsOf(connection, {
    sql: `
      select u.number, u.topic_id, u.holder_id, ${by.includes("resource") ? "u.thing_id, 1" : "0, count(distinct u.thing_id)"},
        sum(u.quantity), sum(u.readings), sum(u.observed_ms), sum(u.inferred_ms),
        sum(u.after_end), sum(u.counter_dropped), max(u.ended)
      from (${sources(numbered).join(" union all ")}) u ${conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`}
      group by all`,
    values,
    types,
  });
  const termsOf = termsOnce(query);
  return rows.flatMap(([number, topicId, holderId, thingId, count, quantity, ...evidence]) => {
    const [holder, period] = [holders.get(integer(holderId)), parts[integer(number)]];
    const topic = catalogue.series[integer(topicId)];
    const thing = catalogue.series[integer(thingId)];
    if (holder === undefined || period === undefined || topic === undefined)
      throw new RangeError("a sum of a holder or meter that nobody entered");
    return [
      {
        period,
        meter: topic.meter,
        by: termsOf(holder, topic, by.includes("resource") ? thing : undefined),
        quantity: whole(quantity),
        usages: integer(count),
        evidence: evidenceOfSums(evidence),
      },
    ];
  });
}

/** The same list of terms for all sums of a holder and a meter, so that whoever adds them up sees that it is the same. */
function termsOnce({ by }: TotalsQuery) {
  const known = new Map<Holder, Map<Series, readonly string[]>>();
  return (holder: Holder, topic: Series, thing: Series | undefined): readonly string[] => {
    const ofHolder = known.get(holder) ?? new Map<Series, readonly string[]>();
    known.set(holder, ofHolder);
    const about = thing ?? topic;
    const terms =
      ofHolder.get(about) ??
      by.map((term) => termOf({ ...holder, region: topic.region, resource: thing?.resource ?? "" }, term));
    ofHolder.set(about, terms);
    return terms;
  };
}

const common = (a: Period, b: Period): Period => ({
  start: at(Math.max(a.start, b.start)),
  end: at(Math.min(a.end, b.end)),
});

interface Numbered {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly isOfDays: boolean;
}

/** The whole days of a part, and the hours before and after them. */
function pieces({ start, end }: Period, number: number): Numbered[] {
  const first = Math.ceil(start / DAY_MS) * DAY_MS;
  const last = Math.floor(end / DAY_MS) * DAY_MS;
  const found =
    first >= last
      ? [{ number, from: start, to: end, isOfDays: false }]
      : [
          { number, from: start, to: first, isOfDays: false },
          { number, from: first, to: last, isOfDays: true },
          { number, from: last, to: end, isOfDays: false },
        ];
  return found.filter(({ from, to }) => from < to);
}

/** Of every table one pass over what is between the first and the last piece; a single piece needs no looking up. */
function sources(all: readonly Numbered[]): string[] {
  return [
    sourceOf(
      all.filter(({ isOfDays }) => isOfDays),
      "day",
      `select ${COLUMNS}, u.thing_id, u.topic_id, u.ended, n.number from usage_day u`,
    ),
    sourceOf(
      all.filter(({ isOfDays }) => !isOfDays),
      "hour",
      `select ${COLUMNS}, pl.thing_id, pl.topic_id, u.end_at * 2 + u.end_final::integer as ended, n.number
        from usage_hour u join place pl using (series_id)`,
    ),
  ].flat();
}

const COLUMNS =
  "u.series_id, u.holder_id, u.quantity, u.readings, u.observed_ms, u.inferred_ms, u.after_end, u.counter_dropped";

/** So few ranges are written out, so that DuckDB skips what lies outside them. */
const RANGES_MAX = 4;

function sourceOf(mine: readonly Numbered[], column: "day" | "hour", select: string): string[] {
  if (mine.length === 0) return [];
  if (mine.length <= RANGES_MAX)
    return mine.map(
      ({ number, from, to }) =>
        `${select.replace("n.number", `${number} as number`)} where u.${column} >= ${from} and u.${column} < ${to}`,
    );
  const [from, to] = [Math.min(...mine.map((each) => each.from)), Math.max(...mine.map((each) => each.to))];
  const rows = mine.map((each) => `(${each.number}, ${each.from}::bigint, ${each.to}::bigint)`).join(", ");
  return [
    `${select} join (values ${rows}) n(number, starts, ends) on u.${column} >= n.starts and u.${column} < n.ends
      where u.${column} >= ${from} and u.${column} < ${to}`,
  ];
}

interface Condition {
  readonly where: readonly string[];
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
}

/** Whatever a question narrows; nothing of a project outside the scope is summed. */
function chosen({ meters, region, resource }: TotalsQuery, scope: Scope): Condition {
  const asked = meters === undefined ? undefined : meters.filter((name) => meterNamed(name)?.name === name);
  return {
    where: [
      ...(asked === undefined && region === undefined
        ? []
        : [
            `u.topic_id in (select series_id from series
              where ${[...(asked === undefined ? [] : ["meter in (select unnest($meters))"]), ...(region === undefined ? [] : ["region = $region"])].join(" and ")})`,
          ]),
      ...(resource === undefined ? [] : ["u.series_id in (select series_id from series where resource = $resource)"]),
      ...(scope.kind === "all"
        ? []
        : ["u.holder_id in (select holder_id from holder where project in (select unnest($projects)))"]),
    ],
    values: {
      ...(asked === undefined ? {} : { meters: listValue(asked) }),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
      ...(scope.kind === "all" ? {} : { projects: listValue([...scope.projects]) }),
    },
    types: {
      ...(asked === undefined ? {} : { meters: LIST(VARCHAR) }),
      ...(region === undefined ? {} : { region: VARCHAR }),
      ...(resource === undefined ? {} : { resource: VARCHAR }),
      ...(scope.kind === "all" ? {} : { projects: LIST(VARCHAR) }),
    },
  };
}
