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

/** What of an item a list can be sorted by. */
export type Sorts<T, F extends string> = Readonly<Record<F, (item: T) => string | number | bigint>>;

/** The one way to say it: `sort=total`, or `sort=-total` for the largest first. */
export const sortQuery = <const F extends string>(...fields: [F, ...F[]]) => ({
  sort: z
    .enum([...fields, ...fields.map((field) => `-${field}` as const)])
    .optional()
    .describe("By this, with a minus sign the largest first; then, and where it is left out, by what names an item."),
});

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
}

/** One page of a list, sorted as was asked and otherwise in the order of its keys, which are unique. */
export function page<T, F extends string = never>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor, sort = "" }: Asked,
  sorts?: Sorts<T, F>,
): Page<T> {
  const field = sort.replace(/^-/, "") as F; // The route's schema lets nothing else through.
  const isReversed = sort.startsWith("-");
  const placeOf = (item: T): Place => ({ value: sorts?.[field]?.(item) ?? "", key: keyOf(item) });
  const compare = (a: Place, b: Place): number => {
    const order = a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
    return (isReversed ? -order : order) || (a.key === b.key ? 0 : a.key < b.key ? -1 : 1);
  };
  const after = cursor === undefined ? undefined : placeIn(cursor, sort);
  const placed = items.map((item) => ({ item, place: placeOf(item) })).toSorted((a, b) => compare(a.place, b.place));
  const rest = after === undefined ? placed : placed.filter(({ place }) => compare(place, after) > 0);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const found = shown.map(({ item }) => item);
  return last === undefined || rest.length <= limit
    ? { items: found }
    : { items: found, next: cursorAt(last.place, sort) };
}

/** Where an item stands in a sorted list. */
interface Place {
  readonly value: string | number | bigint;
  readonly key: string;
}

const cursorAt = ({ value, key }: Place, sort: string): string =>
  encoded(sort === "" ? key : JSON.stringify([sort, typeof value, String(value), key]));

const SortedCursor = z.tuple([z.string(), z.enum(["string", "number", "bigint"]), z.string(), z.string()]);

function placeIn(cursor: string, sort: string): Place {
  const text = decoded(cursor);
  if (sort === "") return { value: "", key: text };
  const told = SortedCursor.safeParse(jsonOf(text));
  if (!told.success || told.data[0] !== sort || !isOfType(told.data[1], told.data[2]))
    throw strange("not a cursor of this list so sorted");
  const [, type, value, key] = told.data;
  return { value: type === "bigint" ? BigInt(value) : type === "number" ? Number(value) : value, key };
}

const isOfType = (type: string, value: string): boolean => type !== "bigint" || /^-?\d{1,60}$/.test(value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const strange = (says: string): Problem => new Problem("REQUEST_INVALID", "", [{ where: "querystring.cursor", says }]);

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
  if (encoded(key) !== cursor) throw strange("not a cursor of this API");
  return key;
}

export const strangeCursor = (): Problem => strange("not a cursor of this list");

/** A cursor that is a sequence of the place where the items rest, so that nothing before it is read again. */
export function decodedSequence(cursor: string): bigint {
  const text = decoded(cursor);
  if (!/^\d{1,19}$/.test(text)) throw strangeCursor();
  return BigInt(text);
}

/** A cursor that is so many texts, as the place of an item in the store has them. */
export function decodedTexts(cursor: string, count: number): string[] {
  const told = z
    .array(z.string())
    .length(count)
    .safeParse(jsonOf(decoded(cursor)));
  if (!told.success) throw strangeCursor();
  return told.data;
}
