import { at, type Instant } from "@raingauge/domain";
import type { PublishedBook } from "@raingauge/ledger";

/** Where a published book stands among those of its name. */
export interface BookStanding {
  readonly state: "scheduled" | "in force" | "superseded";
  /** When the next one takes its place; absent for the last. */
  readonly validUntil?: Instant;
}

/** `newestFirst` are all books; of two that begin together the later word counts, so the earlier was never in force. */
export function standingOf(
  { book, validFrom, digest }: PublishedBook,
  newestFirst: readonly PublishedBook[],
  now: Instant,
): BookStanding {
  const named = newestFirst.filter((other) => other.book.name === book.name);
  const own = named.findIndex((other) => other.digest === digest);
  const isReplaced = named.slice(0, own).some((other) => other.validFrom === validFrom);
  const ends = isReplaced ? [validFrom] : named.map((other) => other.validFrom).filter((start) => start > validFrom);
  if (ends.length === 0) return { state: validFrom > now ? "scheduled" : "in force" };
  const validUntil = at(Math.min(...ends));
  if (validUntil <= now || isReplaced) return { state: "superseded", validUntil };
  return { state: validFrom > now ? "scheduled" : "in force", validUntil };
}

/** A first book may say what the past cost; a later one changes what it cost, and bills that were right. */
export const isRetroactive = (
  name: string,
  validFrom: Instant,
  books: readonly PublishedBook[],
  now: Instant,
): boolean => validFrom < now && books.some(({ book }) => book.name === name);
