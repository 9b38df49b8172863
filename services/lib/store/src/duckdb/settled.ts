import { type DuckDBConnection, type DuckDBType, type DuckDBValue, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { at, meterNamed, NO_EVIDENCE, type Period, type Scope } from "@raingauge/domain";
import { type Total, type TotalsQuery, termOf } from "../totals.ts";
import { integer, rowsOf, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import type { Holder } from "./holders.ts";
import { innerPieces, nearestPieces, sourcesOf } from "./pieces.ts";
import { evidenceOfSums } from "./rolled.ts";

export interface Rolled {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly holders: ReadonlyMap<number, Holder>;
  readonly parts: readonly Period[];
}

/** Of how many usages a sum is takes longest to find out, and those who ask whether there is any need not know. */
export interface DuckdbTotalsQuery extends TotalsQuery {
  readonly isUncounted?: true;
}

/**
 * Sums of what rests on roll-ups alone, each a row: whole days from the days, and what edges cut of one from the hours.
 * With `exceptMoving`, without the series that the temporary table `moving` names for a part.
 */
export async function settledTotals(
  { connection, catalogue, holders, parts }: Rolled,
  query: DuckdbTotalsQuery,
  scope: Scope,
  { hours, exceptMoving }: { readonly hours: Period; readonly exceptMoving: boolean },
): Promise<Total[]> {
  const { by, only, isUncounted = by.includes("resource") } = query;
  const piecesOf = only === "quantity" ? nearestPieces : innerPieces;
  const pieces = parts.flatMap((part, number) => piecesOf(common(part, hours), number));
  if (pieces.length === 0) return [];
  const { where, values, types } = chosen(query, scope);
  const conditions = [
    ...where,
    ...(exceptMoving
      ? ["not exists (select 1 from moving m where m.series_id = u.series_id and m.number = u.number)"]
      : []),
  ];
  const thing = by.includes("resource") ? "u.thing_id" : "0";
  const told = only === "quantity" ? "" : isUncounted ? WITH_EVIDENCE.one : WITH_EVIDENCE.many;
  const rows = await rowsOf(connection, {
    sql: `
      select u.number, u.topic_id, u.holder_id, ${thing}, sum(u.quantity)${told}
      from (${sourcesOf(pieces, only).join(" union all ")}) u ${conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`}
      group by all ${only === "quantity" ? "having sum(u.quantity) != 0" : ""}`,
    values,
    types,
  });
  const termsOf = termsOnce(query);
  return rows.map(([number, topicId, holderId, thingId, quantity, count, ...evidence]) => {
    const [holder, period] = [holders.get(integer(holderId)), parts[integer(number)]];
    const topic = catalogue.series[integer(topicId)];
    const thing = catalogue.series[integer(thingId)];
    if (holder === undefined || period === undefined || topic === undefined)
      throw new RangeError("a sum of a holder or meter that nobody entered");
    return {
      period,
      meter: topic.meter,
      by: termsOf(holder, topic, by.includes("resource") ? thing : undefined),
      quantity: whole(quantity),
      ...(only === "quantity"
        ? { usages: 0, evidence: NO_EVIDENCE }
        : { usages: integer(count), evidence: evidenceOfSums(evidence) }),
    };
  });
}

const EVIDENCE = `sum(u.readings), sum(u.observed_ms), sum(u.inferred_ms), sum(u.after_end), sum(u.counter_dropped), max(u.ended)`;
const WITH_EVIDENCE = { one: `, 1, ${EVIDENCE}`, many: `, count(distinct u.thing_id), ${EVIDENCE}` };

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
