import { allMeters, type Period, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore, UsageQuery } from "@raingauge/store";
import { alikeUsages } from "../alike.ts";

type Store = Pick<SampleStore, "measure" | "totals">;

/** So many hours are asked for at once; those of all resources are held in memory together. */
const PIECES_AT_ONCE = 24;

/**
 * A store for a question that goes piece by piece through a period, in order: usage of the pieces that follow is had with
 * that of the one that is asked about, so that a month by the hour is some thirty questions and not seven hundred. Of the meters
 * `together` no resource is told from another.
 */
export function parted<S extends Store>(store: S, pieces: readonly Period[], together: ReadonlySet<string>): S {
  let ahead = new Map<string, readonly Usage[]>();
  const measure = async (query: UsageQuery, scope: Scope): Promise<readonly Usage[]> => {
    const { period, meters, ...narrow } = query;
    const index = pieces.findIndex(({ start, end }) => start === period.start && end === period.end);
    if (index < 0 || Object.keys(narrow).length > 0) return store.measure(query, scope);
    const names = meters ?? allMeters().map(({ name }) => name);
    const key = keyOf(period, names);
    if (!ahead.has(key)) {
      const lot = pieces.slice(index, index + PIECES_AT_ONCE);
      ahead = await piecesFrom(store, lot, { meters: names, together }, scope);
    }
    return ahead.get(key) ?? [];
  };
  return { ...store, measure };
}

const keyOf = ({ start, end }: Period, meters: readonly string[]): string => JSON.stringify([start, end, meters]);

async function piecesFrom(
  store: Store,
  lot: readonly Period[],
  { meters, together }: { readonly meters: readonly string[]; readonly together: ReadonlySet<string> },
  scope: Scope,
): Promise<Map<string, readonly Usage[]>> {
  const [first, last] = [lot.at(0), lot.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const period = { start: first.start, end: last.end };
  const cuts = lot.slice(0, -1).map(({ end }) => end);
  const usages = await alikeUsages(store, { meters, period, cuts }, together, scope);
  const byPiece = Map.groupBy(usages, (usage) => usage.period.start);
  return new Map(lot.map((piece) => [keyOf(piece, meters), byPiece.get(piece.start) ?? []]));
}
