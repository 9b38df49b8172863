import type { Meter } from "@raingauge/domain";
import { staleMeters, watchingOver } from "../../sources.ts";
import type { RollUpReport } from "../../store.ts";
import type { Memory } from "../append.ts";
import { coverages } from "../coverages.ts";
import { oneOf } from "../line.ts";
import { metersOf, regionsOf } from "../newest.ts";
import { readings } from "../readings.ts";
import type { Seen } from "../seen.ts";
import { slots } from "../slots.ts";
import { transact, type Writing } from "../transaction.ts";
import type { RolledUp } from "./book.ts";
import { disturbedSince, type Marks } from "./disturbed.ts";
import { nextHorizon } from "./horizon.ts";
import { hourLines } from "./hours.ts";
import { seriesKey } from "./series.ts";
import { anew, type Bench, isDisturbed, type Piece, steadily } from "./series-made.ts";
import { type Grounds, groundsLine, groundsNow, readGrounds } from "./sources.ts";
import { placeOf, readTails, tailLines } from "./tail.ts";

/**
 * Makes the hours of all series up to a horizon that lies a little before the latest reading, and leaves what decides the
 * hours after it; those hours too that something came late for. Of a long history one part, for the sake of memory.
 */
export async function rollUp(seen: Seen, memory: Memory, writing: Writing, partReadings: number): Promise<Part> {
  const { server, commits } = seen;
  const before = commits.rolled;
  const next = await nextHorizon(seen, memory.newest, writing.now, partReadings);
  if (next === undefined) return NOTHING;
  const { horizon, isMore } = next;
  const watchOf = watchingOver(await coverages(seen, {}));
  const [marks, grounds]: readonly [Marks, Grounds | undefined] =
    before === undefined
      ? [new Map(), undefined]
      : await Promise.all([disturbedSince(server, before.since), readGrounds(server, before)]);
  const stale = grounds === undefined ? [] : staleMeters(grounds.watch, watchOf);
  const strange = metersOf(memory.newest).filter(({ name }) => grounds?.meters.has(name) !== true);
  if (before !== undefined && horizon <= before.horizon && marks.size + stale.length + strange.length === 0)
    return { ...NOTHING, isMore };

  const side = before?.side === 0 ? 1 : 0;
  await server.tidy(`delete from "${placeOf({ side })}"`);
  const report = await transact(seen, writing, async (since) => {
    const rolled: RolledUp = { horizon, since, first: before?.first ?? since, side };
    const bench: Bench = { seen, before, rolled, marks, stale, watchOf };
    const first: Bench = { ...bench, before: undefined };
    const result = { series: 0, hours: 0 };
    for (const meter of metersOf(memory.newest)) {
      const { lines, series, hours } = await rollMeter(strange.includes(meter) ? first : bench, memory, meter);
      await server.write(lines);
      result.series += series;
      result.hours += hours;
    }
    return {
      lines: [groundsLine(rolled, groundsNow(regionsOf(memory.newest), watchOf))],
      result,
      changes: { rolled },
    };
  });
  if (marks.size > 0) await server.tidy(`delete from "disturbed"`);
  return { ...report, isMore };
}

interface Part extends RollUpReport {
  readonly isMore: boolean;
}

const NOTHING: Part = { series: 0, hours: 0, isMore: false };

async function rollMeter(
  bench: Bench,
  { prefix }: Memory,
  meter: Meter,
): Promise<RollUpReport & { readonly lines: readonly string[] }> {
  const parted = Map.groupBy(await piecesOf(bench, meter), (piece) => isDisturbed(bench, meter, piece));
  const placed = { slots: slots(), storedAt: bench.rolled.since };
  const made = [
    ...(await anew(bench, meter, parted.get(true) ?? [], (row, time) =>
      placed.slots.occupy(prefix("rolled", { meter: row.meter, region: row.region, resource: row.resource }), time),
    )),
    ...(parted.get(false) ?? []).map((piece) => steadily(bench, meter, piece)),
  ];
  return {
    lines: made.flatMap((each) => [
      ...(each.tail === undefined ? [] : tailLines(prefix, placeOf(bench.rolled), each.tail, placed)),
      ...hourLines(prefix, each, placed),
    ]),
    series: made.filter(({ hours }) => hours > 0).length,
    hours: made.reduce((sum, { hours }) => sum + hours, 0),
  };
}

/** The series of a meter, each with what was left of it and with what came since. */
async function piecesOf({ seen, before, rolled, marks }: Bench, { name }: Meter): Promise<Piece[]> {
  const [tails, come] = await Promise.all([
    before === undefined ? new Map() : readTails(seen.server, before, [oneOf("meter", [name])]),
    readings(seen, { meters: [name] }, { from: before?.horizon, to: rolled.horizon }),
  ]);
  const news = Map.groupBy(come, seriesKey);
  const marked = [...marks].flatMap(([key, { meter }]) => (meter === name ? [key] : []));
  return [...new Set([...tails.keys(), ...news.keys(), ...marked])].map((key) => ({
    key,
    tail: tails.get(key),
    news: news.get(key) ?? [],
  }));
}
