import { combine, type Instant, type Period, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import type { Lent } from "./lent.ts";

type Store = Lent["store"];

export interface Expecting {
  /** Says that usage of these touching windows will be asked for, each by itself or as the growth of what came before. */
  expect(windows: readonly Period[], from: Instant): void;
}

/**
 * The same store and ledger for the time of one question, asked for nothing twice: usage from one start to a later and later
 * end is measured piece by piece and put together, which is exact because usage of adjoining periods adds up; and pieces that
 * are expected are measured many at a time.
 */
export function remembering<P extends Pick<Lent, "store" | "ledger">>(parts: P): P & Expecting {
  const { store, ledger } = parts;
  const expected = ahead(store);
  const known = new Map<string, { readonly end: Instant; readonly usages: readonly Usage[] }>();
  const measure: Store["measure"] = async (query, scope) => {
    const { period, ...narrower } = query;
    if (Object.keys(narrower).length > 0) return store.measure(query, scope);
    const key = `${period.start} ${keyOf(scope)}`;
    const before = known.get(key);
    if (before !== undefined && before.end > period.end) return store.measure(query, scope);
    const rest = { start: before?.end ?? period.start, end: period.end };
    const added =
      rest.start === rest.end
        ? []
        : ((await expected.piece(rest, scope)) ?? (await store.measure({ period: rest }, scope)));
    const usages = before === undefined ? added : combine([...before.usages, ...added], period);
    known.set(key, { end: period.end, usages });
    return usages;
  };
  return {
    ...parts,
    expect: expected.expect,
    store: {
      ...store,
      measure,
      watermark: once(() => store.watermark()),
      projects: byArguments(
        (period: Period, scope: Scope) => store.projects(expected.widest(period), scope),
        (period, scope) => `${period.start} ${expected.widest(period).end} ${keyOf(scope)}`,
      ),
    },
    ledger: {
      ...ledger,
      accounts: byArguments((scope: Scope) => ledger.accounts(scope), keyOf),
      placements: once(() => ledger.placements()),
      bookAt: byArguments(
        (name: string, moment: Instant) => ledger.bookAt(name, moment),
        (name, moment) => `${moment} ${name}`,
      ),
    },
  };
}

/** So many usages of expected windows are kept at once. */
const AHEAD_MAX = 200_000;

/** Usage of expected windows, as many windows in one question to the store as are not too many. */
function ahead(store: Store) {
  let expected: readonly Period[] = [];
  const starts = new Map<Instant, Instant>();
  const pieces = new Map<string, Promise<ReadonlyMap<Instant, readonly Usage[]>>>();
  const chunks = byArguments(
    async (scope: Scope): Promise<number> => {
      const [first, last] = [expected[0], expected.at(-1)];
      if (first === undefined || last === undefined) return 1;
      const all = await store.measure({ period: { start: first.start, end: last.end } }, scope);
      return Math.max(1, Math.floor(AHEAD_MAX / Math.max(1, all.length)));
    },
    (scope) => `${expected[0]?.start} ${keyOf(scope)}`,
  );
  return {
    expect(windows: readonly Period[], from: Instant): void {
      expected = windows;
      const last = windows.at(-1);
      if (last !== undefined) starts.set(from, last.end);
    },
    /** Who is there at any time of it: whoever uses nothing in a part of it costs nothing there. */
    widest: ({ start, end }: Period): Period => ({ start, end: starts.get(start) ?? end }),
    /** Undefined for what is no expected window. */
    async piece({ start, end }: Period, scope: Scope): Promise<readonly Usage[] | undefined> {
      const index = expected.findIndex((window) => window.start === start && window.end === end);
      if (index < 0 || expected.length < 2) return undefined;
      const size = await chunks(scope);
      const chunk = Math.floor(index / size);
      const key = `${expected[0]?.start} ${chunk} ${keyOf(scope)}`;
      const found = pieces.get(key) ?? measuredInParts(store, expected.slice(chunk * size, (chunk + 1) * size), scope);
      // One chunk after another: what was put together is not asked for again.
      if (!pieces.has(key)) pieces.clear();
      pieces.set(key, found);
      return (await found).get(start) ?? [];
    },
  };
}

/** The usages of touching windows, by their starts. */
async function measuredInParts(
  store: Pick<SampleStore, "measure" | "totals">,
  windows: readonly Period[],
  scope: Scope,
): Promise<ReadonlyMap<Instant, readonly Usage[]>> {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const period = { start: first.start, end: last.end };
  const all = await store.measure({ period }, scope);
  const names = [...new Set(all.flatMap(({ dimensions }) => Object.keys(dimensions)))];
  const told = names.map((name) => `dimension.${name}` as const);
  const cuts = windows.slice(1).map(({ start }) => start);
  const totals = await store.totals({ period, cuts, by: ["region", "project", "resource", ...told] }, scope);
  return Map.groupBy(
    totals.map(
      ({ period: part, meter, by: [region = "", project = "", resource = "", ...values], quantity, evidence }) => {
        const said = names
          .map((name, index) => [name, values[index] ?? ""] as const)
          .filter(([, value]) => value !== "");
        return {
          region,
          project,
          meter,
          resource,
          dimensions: Object.fromEntries(said),
          period: part,
          quantity,
          evidence,
        };
      },
    ),
    ({ period: part }) => part.start,
  );
}

const keyOf = (scope: Scope): string => (scope.kind === "all" ? "all" : JSON.stringify([...scope.projects].toSorted()));

function byArguments<A extends readonly unknown[], T>(work: (...args: A) => T, key: (...args: A) => string) {
  const known = new Map<string, T>();
  return (...args: A): T => {
    const name = key(...args);
    const value = known.get(name) ?? work(...args);
    known.set(name, value);
    return value;
  };
}

const once = <T>(work: () => T): (() => T) => byArguments(work, () => "");
