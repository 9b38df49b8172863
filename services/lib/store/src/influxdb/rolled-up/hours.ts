import type { Instant, Period, Usage } from "@raingauge/domain";
import type { Commits } from "../commits.ts";
import { emptyLine, type HourRow, hourLine, hourRow, type Placed } from "../hours.ts";
import { oneOf } from "../line.ts";
import type { Prefixes } from "../prefixes.ts";
import { question } from "../schema.ts";
import type { Seen } from "../seen.ts";
import type { RolledUp } from "./book.ts";
import { type SeriesKey, seriesKey } from "./series.ts";

/** What roll-ups say of the hours of each series: of several, what the last of them said. */
export type RolledHours = ReadonlyMap<SeriesKey, ReadonlyMap<Instant, readonly Usage[]>>;

/** Nothing that is there is ever written over, so that whoever asks while usage is rolled up gets what counted before. */
export async function rolledHours(
  { server, commits }: Seen,
  rolled: RolledUp,
  { start, end }: Period,
  where: readonly string[],
): Promise<RolledHours> {
  if (start >= end) return new Map();
  const asked = question("rolled", { from: start, to: end, where });
  return lastSaid(await server.read(asked, hourRow(countedBy(commits, rolled))));
}

/** The same from an hour on, with every row, as far as any was ever written: where one stands no other can. */
export async function occupiedHours(
  { server, commits }: Seen,
  rolled: RolledUp,
  from: Instant,
  { meter, resources }: { readonly meter: string; readonly resources: readonly string[] },
): Promise<{ readonly hours: RolledHours; readonly rows: readonly HourRow[] }> {
  const names = resources.length > NAMES_MAX ? [] : [oneOf("resource", resources)];
  const where = [oneOf("meter", [meter]), ...names];
  const rows = await server.read(
    question("rolled", { from, where }),
    hourRow(() => true),
  );
  const counts = countedBy(commits, rolled);
  return { hours: lastSaid(rows.filter(({ storedAt }) => counts(storedAt))), rows };
}

/** Past so many names the question costs more than the rows that it saves. */
const NAMES_MAX = 100;

const countedBy =
  ({ torn }: Commits, { first, since }: RolledUp) =>
  (stored: number): boolean =>
    stored >= first && stored <= since && !torn.has(stored);

function lastSaid(rows: readonly HourRow[]): RolledHours {
  const said = new Map<SeriesKey, Map<Instant, { storedAt: number; usages: Usage[] }>>();
  for (const row of rows) {
    const key = seriesKey(row);
    const mine = said.get(key) ?? new Map<Instant, { storedAt: number; usages: Usage[] }>();
    said.set(key, mine);
    const before = mine.get(row.hour);
    if (before === undefined || before.storedAt < row.storedAt)
      mine.set(row.hour, { storedAt: row.storedAt, usages: usagesOf(row) });
    else if (before.storedAt === row.storedAt) before.usages.push(...usagesOf(row));
  }
  return new Map(
    [...said].map(([key, mine]) => [key, new Map([...mine].map(([hour, { usages }]) => [hour, usages] as const))]),
  );
}

const usagesOf = ({ usage }: HourRow): Usage[] => (usage === undefined ? [] : [usage]);

/** The lines that say anew what hours hold, of those that held something before, and of those that do now. */
export function hourLines(prefix: Prefixes, { usages, spans, held }: Said, placed: Placed): string[] {
  const now = new Set(usages.map(({ period }) => period.start));
  const emptied = [...held]
    .filter(([hour, before]) => before.length > 0 && !now.has(hour))
    .filter(([hour]) => spans.some(({ start, end }) => hour >= start && hour < end));
  return [
    ...usages.map((usage) => hourLine(prefix, "rolled", usage, placed)),
    ...emptied.flatMap(([hour, [before]]) => (before === undefined ? [] : [emptyLine(prefix, before, hour, placed)])),
  ];
}

interface Said {
  readonly usages: readonly Usage[];
  readonly spans: readonly Period[];
  readonly held: ReadonlyMap<Instant, readonly Usage[]>;
}
