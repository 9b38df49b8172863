import { type Evidence, type Period, permits, type Usage } from "@raingauge/domain";
import type { Noted } from "../sources.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Cursor } from "./cursor.ts";
import type { Key } from "./key.ts";
import type { Lot } from "./lot.ts";
import { type Lasts, readLasts, type Seen } from "./seen.ts";
import { type Selection, selected } from "./selection.ts";
import type { ClickhouseServer } from "./server.ts";
import { every, packed, within } from "./sql.ts";

/** The roll-up that was finished last. */
export interface Rolled {
  /** Later ones are larger, those that were never finished too. */
  readonly generation: Lot;
  /** What it knew. */
  readonly lasts: Lasts;
  /** The sources that confirmed then, by region and resource type. */
  readonly watch: readonly Noted[];
}

const NEVER_ROLLED: Rolled = { generation: 0n, lasts: new Map(), watch: [] };

export async function lastRolled(server: ClickhouseServer): Promise<Rolled> {
  const [rolled = NEVER_ROLLED] = await server.ask(
    `select generation, writers, lots, watch from ${server.table("rolled")} order by generation desc limit 1`,
    (row) => ({ generation: row.unsigned(), lasts: readLasts(row), watch: JSON.parse(row.text()) }),
  );
  return rolled;
}

export interface Cut {
  readonly series: Key;
  /** Roll-ups count before it. */
  readonly until: number;
}

export interface RolledUsages {
  /** Of the series that could be answered. */
  readonly usages: readonly Usage[];
  /** Series of which a later roll-up has begun to replace hours that were asked for. */
  readonly replaced: ReadonlySet<Key>;
}

/**
 * Usage of whole hours, summed from the roll-ups of a generation. What is replaced meanwhile is looked for after the sums
 * were made, so that no sum holds anything of a later generation unnoticed.
 */
export async function rolledUsages(
  { server }: Seen,
  catalogue: Catalogue,
  { generation }: Rolled,
  { selection, cuts, hours }: { readonly selection: Selection; readonly cuts: readonly Cut[]; readonly hours: Period },
): Promise<RolledUsages> {
  if (hours.start >= hours.end || cuts.length === 0) return { usages: [], replaced: new Set() };
  const untilOf = new Map(cuts.map(({ series, until }) => [series, until]));
  const [usual, others] = usualCut(cuts);
  const narrow = isNarrow(selection) ? `series in ${selected(server, selection)}` : undefined;
  const table = server.table("usage_hour");
  const cut = others.length === 0 ? `hour < ${usual}` : `hour < if(cut.until = 0, ${usual}, cut.until)`;
  const join =
    others.length === 0
      ? ""
      : `left join ${packed({ keys: others.map(({ series }) => series), numbers: { until: others.map(({ until }) => until) } })}
          as cut on usage.series = cut.series`;
  const rows = await server.ask(
    `select usage.series, each, sum(amount), sum(read), sum(seen), sum(concluded), sum(late), sum(dropped), max(ended),
        argMax(final, ended)
      from (select series, hour, each, amount, read, seen, concluded, late, dropped, ended, final
        from ${table} final
        array join holder as each, quantity as amount, readings as read, observed_ms as seen, inferred_ms as concluded,
          after_end as late, counter_dropped as dropped, end_at as ended, end_final as final
        where ${every(within("hour", hours), narrow, `generation <= ${generation}`)}) as usage
      ${join} where ${cut} group by usage.series, each`,
    sumOf,
  );
  const touched = await server.ask(
    `select series, min(hour) from ${table} where ${every(`generation > ${generation}`, within("hour", hours), narrow)}
      group by series`,
    (row) => [row.key(), row.integer()] as const,
  );
  const replaced = new Set(touched.flatMap(([series, hour]) => (hour < (untilOf.get(series) ?? 0) ? [series] : [])));
  const mine = rows.filter(({ series }) => untilOf.has(series) && !replaced.has(series));
  const seriesOf = await catalogue.seriesOf(new Set(mine.map(({ series }) => series)));
  const holderOf = await catalogue.holdersOf(new Set(mine.map(({ holder }) => holder)));
  const usages = mine.map(({ series, holder, quantity, evidence }): Usage => {
    const { region, meter, resource } = seriesOf(series);
    return { region, meter, resource, ...holderOf(holder), period: hours, quantity, evidence };
  });
  return { usages: usages.filter(({ project }) => permits(selection.scope, project)), replaced };
}

/** Few series are selected, so that it pays to name them. */
export const isNarrow = ({ meters, region, resource, scope }: Selection): boolean =>
  scope.kind !== "all" ||
  resource !== undefined ||
  region !== undefined ||
  (meters !== undefined && meters.length < 20);

/** Most series stand up to the same hour: only the others need be named. */
export function usualCut(cuts: readonly Cut[]): [number, Cut[]] {
  const counts = new Map<number, number>();
  for (const { until } of cuts) counts.set(until, (counts.get(until) ?? 0) + 1);
  const [usual] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  return [usual, cuts.filter(({ until }) => until !== usual)];
}

function sumOf(row: Cursor): { series: Key; holder: Key; quantity: bigint; evidence: Evidence } {
  const [series, holder, quantity] = [row.key(), row.key(), row.wide()];
  const [readings, observedMs, inferredMs] = [row.integer(), row.integer(), row.integer()];
  const [afterEnd, counterDropped, endAt, isFinal] = [row.integer(), row.integer(), row.moment(), row.small() === 1];
  const seen = { readings, observedMs, inferredMs, afterEnd, counterDropped };
  const evidence: Evidence = endAt < 0 ? seen : { ...seen, end: { at: endAt, kind: isFinal ? "final" : "inferred" } };
  return { series, holder, quantity, evidence };
}
