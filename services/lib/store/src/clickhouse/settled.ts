import { at, type Evidence, type Period } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { type Total, type TotalsQuery, termOf } from "../totals.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Cursor } from "./cursor.ts";
import type { Ground } from "./measure.ts";
import { type Cut, isNarrow, usualCut } from "./rolled.ts";
import { selected } from "./selection.ts";
import { every, packed, within } from "./sql.ts";
import { fallsFrom, type Standing } from "./standing.ts";
import type { Moving } from "./totals.ts";

export interface Settled {
  readonly total: Total;
  readonly project: string;
}

interface Asked {
  readonly hours: Period;
  readonly parts: readonly Period[];
  /** Series that are left out of a part. */
  readonly moving: Moving;
}

/**
 * Sums of what rests on roll-ups alone, each a row. Nothing where hours were replaced meanwhile, which is looked for after
 * the sums were made, so that no sum holds anything of a later roll-up unnoticed.
 */
export async function settledTotals(
  { seen: { server }, rolled: { generation }, selection, standing }: Ground,
  catalogue: Catalogue,
  { by, cuts = [], only }: TotalsQuery,
  { hours, parts, moving }: Asked,
): Promise<Settled[] | undefined> {
  if (hours.start >= hours.end || standing.length === 0) return [];
  const narrow = isNarrow(selection) ? `series in ${selected(server, selection)}` : undefined;
  const table = server.table("usage_hour");
  const [usual, others] = usualCut(cutsOf(standing));
  const isByResource = by.includes("resource");
  const rows = await server.ask(
    `select number, region, meter, ${isByResource ? "resource" : "''"},
        ${only === "quantity" ? "toUInt64(0)" : "uniqExact(resource)"}, each, sum(amount), sum(read), sum(seen),
        sum(concluded), sum(late), sum(dropped), max(ended * 2 + final)
      from (
        select * from (
          select series, hour, toInt64(arrayCount(cut -> cut <= hour, [${cuts.join(", ")}]::Array(Int64))) as number, each, amount,
            read, seen, concluded, late, dropped, ended, final
          from ${table} final
          array join holder as each, quantity as amount, readings as read, observed_ms as seen, inferred_ms as concluded,
            after_end as late, counter_dropped as dropped, end_at as ended, end_final as final
          where ${every(within("hour", hours), narrow, `generation <= ${generation}`)}) as usage
        ${withoutMoving(moving)}) as usage
      any left join (select series, region, meter, resource from ${server.table("series")}) as named on usage.series = named.series
      ${cutJoin(others)} where ${others.length === 0 ? `hour < ${usual}` : `hour < if(cut.until = 0, ${usual}, cut.until)`}
      group by number, region, meter, ${isByResource ? "resource, " : ""}each`,
    sumOf,
  );
  const touched = await server.ask(
    `select 1 from ${table} where ${every(`generation > ${generation}`, within("hour", hours), narrow)} limit 1`,
    (row) => row.small(),
  );
  if (touched.length > 0) return undefined;
  const holderOf = await catalogue.holdersOf(new Set(rows.map(({ holder }) => holder)));
  return rows.flatMap(({ number, region, meter, resource, usages, holder, quantity, evidence }) => {
    const about = { region, resource, ...holderOf(holder) };
    const period = parts[number];
    if (period === undefined) return [];
    const total = { period, meter, by: by.map((term) => termOf(about, term)), quantity, usages, evidence };
    return [{ total, project: about.project }];
  });
}

/** Up to where the roll-ups of each series count. */
export const cutsOf = (standing: readonly Standing[]): Cut[] =>
  standing.map((each) => ({ series: each.series, until: fallsFrom(each) ?? FOREVER }));

function withoutMoving(moving: Moving): string {
  const pairs = [...moving].flatMap(([number, series]) => [...series].map((key) => ({ key, number })));
  if (pairs.length === 0) return "";
  const rows = packed({ keys: pairs.map(({ key }) => key), numbers: { part: pairs.map(({ number }) => number) } });
  return `left anti join ${rows} as moving on usage.series = moving.series and usage.number = moving.part`;
}

const cutJoin = (others: readonly Cut[]): string =>
  others.length === 0
    ? ""
    : `left join ${packed({ keys: others.map(({ series }) => series), numbers: { until: others.map(({ until }) => until) } })}
        as cut on usage.series = cut.series`;

function sumOf(row: Cursor) {
  const [number, region, meter, resource] = [row.integer(), row.text(), row.text(), row.text()];
  const [usages, holder, quantity] = [row.integer(), row.key(), row.wide()];
  const [readings, observedMs, inferredMs] = [row.integer(), row.integer(), row.integer()];
  const [afterEnd, counterDropped, ended] = [row.integer(), row.integer(), row.integer()];
  const seen = { readings, observedMs, inferredMs, afterEnd, counterDropped };
  const isFinal = Math.abs(ended % 2) === 1;
  const evidence: Evidence =
    ended < 0
      ? seen
      : { ...seen, end: { at: at((ended - Number(isFinal)) / 2), kind: isFinal ? "final" : "inferred" } };
  return { number, region, meter, resource, usages, holder, quantity, evidence };
}
