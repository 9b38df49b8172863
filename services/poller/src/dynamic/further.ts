import { type AnswerEntry, type Extra, type Further, furtherOf, OperationError } from "@raingauge/definitions";
import { type Instant, SECOND_MS } from "@raingauge/domain";
import { ApiError } from "@raingauge/openstack";
import { NotUnderstood, understood } from "./answer.ts";
import type { Ask } from "./askers.ts";
import { CommandFailed } from "./command.ts";

interface Kept {
  readonly until: number;
  readonly said: Promise<unknown>;
}

/** All that further answers say of an entry, or why not all of it is known. */
export type Known =
  | { readonly further: Further; readonly unknown?: undefined }
  | { readonly further?: undefined; readonly unknown: string };

/** As many answers as may be kept; the oldest goes first. */
const KEPT_MAX = 20_000;

/** What is asked besides for each entry. Answers are kept for as long as each definition says, over polls too. */
export function furtherQuestions(ask: Ask, now: () => Instant) {
  const kept = new Map<string, Kept>();
  const answer = (extra: Extra, at: string): Promise<unknown> => {
    const key = JSON.stringify([extra.question.key, at]);
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.said;
    const said = ask(extra.question, at).then((text) => understood(text, extra.question.handlers));
    kept.delete(key);
    kept.set(key, { said, until: now() + extra.cacheSeconds * SECOND_MS });
    // What failed is asked again when it is next wanted.
    said.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return said;
  };
  return async (extras: readonly Extra[], entry: AnswerEntry): Promise<Known> => {
    const captured: Record<string, unknown> = {};
    const named: Record<string, unknown> = {};
    for (const extra of extras.filter(({ skips }) => !skips(entry))) {
      const scope = { sample: entry, extra_metadata_captured: captured, extra_metadata_by_name: named };
      try {
        const found = furtherOf(extra, await answer(extra, placeOf(extra, scope)));
        const { [extra.name]: value, ...metadata } = found;
        Object.assign(captured, found);
        named[extra.name] = { value, metadata };
      } catch (error) {
        if (!isExpected(error)) throw error;
        return { unknown: `${extra.name}: ${error.message}` };
      }
    }
    return { further: captured };
  };
}

const placeOf = ({ question: { asks } }: Extra, scope: Readonly<Record<string, unknown>>): string => {
  switch (asks.by) {
    case "catalog":
      return asks.path(scope);
    case "address":
      return asks.url;
    case "command":
      return asks.command;
  }
};

export const isExpected = (error: unknown): error is Error =>
  error instanceof ApiError ||
  error instanceof CommandFailed ||
  error instanceof NotUnderstood ||
  error instanceof OperationError;
