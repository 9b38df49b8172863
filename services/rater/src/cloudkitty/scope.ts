import { at, HOUR_MS, hourOf, type Instant, type Scope } from "@raingauge/domain";
import { zoned } from "./moments.ts";
import type { ReadingParts } from "./reading.ts";
import type { ScopeDocument } from "./state.ts";

/** Every scope that ever used anything, was posted, or was made by hand. By id. */
export async function knownScopes(
  { store, ledger, book, calendar }: Pick<ReadingParts, "store" | "ledger" | "book" | "calendar">,
  scope: Scope,
): Promise<ScopeDocument[]> {
  const now = calendar.clock();
  const [state, measured, posted] = await Promise.all([
    book.read(),
    store.projects({ start: at(0), end: now }, scope),
    ledger.pointProjects(scope),
  ]);
  const made = new Map(state.all("scope").map((each) => [each.id, each]));
  const ids = new Set([...measured, ...posted, ...made.keys()].filter((id) => id !== ""));
  return [...ids].toSorted().map((id) => made.get(id) ?? unmade(id));
}

/** A scope that nobody said anything about: it is rated as soon as it uses something. */
const unmade = (id: string): ScopeDocument => ({
  id,
  scopeKey: "project_id",
  fetcher: "keystone",
  collector: "raingauge",
  active: true,
  toggledAt: 0,
  processedUntil: null,
});

/** The beginning of the last hour that is over: what is stored of it is rated whenever it is asked for. */
const lastHour = (now: Instant): Instant => at(hourOf(now) - HOUR_MS);

export function viewScope(scope: ScopeDocument, now: Instant) {
  const processed = zoned(at(scope.processedUntil ?? lastHour(now)));
  return {
    scope_id: scope.id,
    scope_key: scope.scopeKey,
    fetcher: scope.fetcher,
    collector: scope.collector,
    // The older name, which the clients up to 6.0 print.
    state: processed,
    last_processed_timestamp: processed,
    active: scope.active,
    scope_activation_toggle_date: scope.toggledAt === 0 ? null : zoned(at(Math.floor(scope.toggledAt / 1_000) * 1_000)),
  };
}
