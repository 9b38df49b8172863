import { z } from "zod";
import { Problem } from "./problems.ts";

/** Any list is cut into pages; the cursor names the last item seen, so that what is added meanwhile shifts nothing. */
export const PageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("How many items at most."),
  cursor: z.string().optional().describe("`next` of the page before."),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).readonly(),
    next: z.string().optional().describe("The cursor of the next page; absent on the last."),
  });

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** One page of a list in the order of its keys, which are unique. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<T> {
  const after = cursor === undefined ? undefined : decoded(cursor);
  const ordered = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return last === undefined || rest.length <= limit ? { items: shown } : { items: shown, next: encoded(keyOf(last)) };
}

/**
 * The same of what comes in the order of its keys, however much there is: nothing is held but the page, and nothing is read
 * beyond the item after it.
 */
export async function pageAsItComes<T>(
  items: AsyncIterable<T>,
  keyOf: (item: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<T>> {
  const after = cursor === undefined ? "" : decoded(cursor);
  const shown: T[] = [];
  for await (const item of items) {
    if (cursor !== undefined && keyOf(item) <= after) continue;
    const last = shown.at(-1);
    if (last !== undefined && shown.length >= limit) return { items: shown, next: encoded(keyOf(last)) };
    shown.push(item);
  }
  return { items: shown };
}

export const encoded = (key: string): string => Buffer.from(key, "utf8").toString("base64url");

export function decoded(cursor: string): string {
  const key = Buffer.from(cursor, "base64url").toString("utf8");
  if (encoded(key) !== cursor)
    throw new Problem("REQUEST_INVALID", "", [{ where: "querystring.cursor", says: "not a cursor of this API" }]);
  return key;
}

/** A cursor that is a sequence of the place where the items rest, so that nothing before it is read again. */
export function decodedSequence(cursor: string): bigint {
  const text = decoded(cursor);
  if (!/^\d{1,19}$/.test(text))
    throw new Problem("REQUEST_INVALID", "", [{ where: "querystring.cursor", says: "not a cursor of this list" }]);
  return BigInt(text);
}
