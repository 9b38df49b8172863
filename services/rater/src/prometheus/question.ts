import type { Instant, Scope } from "@raingauge/domain";
import { LedgerUnavailable } from "@raingauge/ledger";
import { type ErrorType, type Matcher, type Query, QueryError, type Source, type Span } from "@raingauge/promql";
import { StoreUnavailable } from "@raingauge/store";
import { ask } from "./ask.ts";
import { costSource } from "./costs.ts";
import { joined } from "./joined.ts";
import type { Lent } from "./lent.ts";
import { notices } from "./notices.ts";
import { readingsSource } from "./readings.ts";
import { remembering } from "./remembering.ts";
import { standingSource } from "./standing.ts";

/** What a thread is asked: by whom is in its scope, and when it is asked is told, for a thread has no clock of its own. */
export interface Question {
  readonly what:
    | { readonly kind: "query"; readonly query: Query }
    | { readonly kind: "series"; readonly selectors: readonly (readonly Matcher[])[]; readonly span: Span };
  readonly scope: Scope;
  readonly now: Instant;
  readonly zone: string;
  readonly book: string;
  readonly lookbackMs: number;
  readonly seriesMax: number;
}

export interface Answered {
  /** Of a query the `data` as JSON text; of a look-up the labels of each series. */
  readonly data: string;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What became of a question, in a form that goes from thread to thread. */
export type Outcome = Answered | { readonly type: ErrorType; readonly says: string; readonly defect?: string };

export async function outcomeOf(question: Question, lent: Lent): Promise<Outcome> {
  try {
    return await answerTo(question, lent);
  } catch (error) {
    if (error instanceof QueryError) return { type: error.type, says: error.message };
    if (error instanceof StoreUnavailable) return { type: "unavailable", says: "the store cannot be reached now" };
    if (error instanceof LedgerUnavailable) return { type: "unavailable", says: "the ledger cannot be reached now" };
    return { type: "execution", says: "a defect of this program", defect: String(error) };
  }
}

async function answerTo(question: Question, lent: Lent): Promise<Answered> {
  const { what, scope, now, zone, book, lookbackMs, seriesMax } = question;
  const notes = notices();
  const parts = { ...remembering(lent), calendar: { zone, clock: () => now }, book, lookbackMs, notes };
  const source = joined(
    readingsSource(lent.store, scope, seriesMax),
    costSource(parts, scope),
    standingSource(parts, scope),
  );
  const data =
    what.kind === "query" ? await ask(what.query, source) : await labelsOf(source, what.selectors, what.span);
  return { data, ...notes.told() };
}

async function labelsOf(source: Source, selectors: readonly (readonly Matcher[])[], span: Span): Promise<string> {
  const sets = await Promise.all(selectors.map((each) => source.series(each, span)));
  const distinct = new Map(sets.flat().map((set) => [set.key, set.labels]));
  return JSON.stringify([...distinct.values()].map((labels) => Object.fromEntries(labels)));
}
