import { isObject, type Payload } from "../notification.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";

export interface List extends Call {
  /** The key of the answer that holds the items. */
  readonly items: string;
  /** How many to ask for at once; a service may give fewer. */
  readonly pageItems?: number;
  /** How its pages follow each other; by links where absent. */
  readonly paging?: Paging;
}

/**
 * Services that link no pages, or wrong ones. `last`: the next page begins after the last item, until one is empty. `offset`:
 * only so many items can be skipped, which may be others by then; pages overlap, so that one that moved is noticed.
 */
export type Paging = "last" | "offset";

export interface Page {
  readonly items: readonly Payload[];
  readonly askedAt: number;
}

/** As much as services give at most unless they are told otherwise. */
const PAGE_ITEMS = 1_000;

/**
 * Walks a list to its end. Of a link to the next page only the query counts: services behind a proxy name addresses that
 * nobody can reach, and a token must go nowhere but to the catalog's. Throws ApiError, also for a list that goes in circles.
 */
export async function* pagesOf(list: List, get: (call: Call) => Promise<Reply>): AsyncGenerator<Page> {
  if (list.paging !== undefined) {
    yield* PAGINGS[list.paging](list, get);
    return;
  }
  const { items, pageItems = PAGE_ITEMS, ...call } = list;
  let query: Readonly<Record<string, string>> | undefined = { ...call.query, limit: String(pageItems) };
  const walked = new Set<string>();
  while (query !== undefined) {
    const { body, askedAt }: Reply = await get({ ...call, query });
    yield { items: itemsIn(body, items, call.path), askedAt };
    query = nextQuery(body, items, call.path);
    const marker = query?.["marker"];
    if (marker === undefined) continue;
    if (walked.has(marker)) throw new ApiError("unreadable", `${call.path}: its pages go in circles`);
    walked.add(marker);
  }
}

const PAGINGS = { last: afterLast, offset: byOffset } as const;

type Get = (call: Call) => Promise<Reply>;

async function* afterLast({ items, pageItems = PAGE_ITEMS, paging: _, ...call }: List, get: Get): AsyncGenerator<Page> {
  const walked = new Set<string>();
  for (let marker: string | undefined; ; ) {
    const after = marker === undefined ? {} : { marker };
    const { body, askedAt }: Reply = await get({
      ...call,
      query: { ...call.query, limit: String(pageItems), ...after },
    });
    const found = itemsIn(body, items, call.path);
    if (found.length === 0) return;
    yield { items: found, askedAt };
    marker = idOf(found.at(-1));
    if (marker === undefined) return;
    if (walked.has(marker)) throw new ApiError("unreadable", `${call.path}: its pages go in circles`);
    walked.add(marker);
  }
}

const OVERLAP_ITEMS = 10;

async function* byOffset({ items, pageItems = PAGE_ITEMS, paging: _, ...call }: List, get: Get): AsyncGenerator<Page> {
  const limit = Math.max(pageItems, 2 * OVERLAP_ITEMS);
  let last: string | undefined;
  for (let offset = 0; ; ) {
    const { body, askedAt }: Reply = await get({
      ...call,
      query: { ...call.query, limit: String(limit), offset: String(offset) },
    });
    const found = itemsIn(body, items, call.path);
    if (last !== undefined && !found.some((each) => idOf(each) === last))
      throw new ApiError("unreadable", `${call.path}: the list changed too much between two of its pages`);
    yield { items: found, askedAt };
    if (found.length < limit) return;
    last = idOf(found.at(-1));
    offset += found.length - OVERLAP_ITEMS;
  }
}

const idOf = (item: Payload | undefined): string | undefined => {
  const id = item?.["id"];
  return typeof id === "string" ? id : undefined;
};

function itemsIn(body: Payload, key: string, path: string): readonly Payload[] {
  const said = body[key];
  if (Array.isArray(said) && said.every(isObject)) return said;
  throw new ApiError("unreadable", `${path}: the answer holds no list of ${key}`);
}

/** Most services write `<items>_links`, Trove `links`; Glance, Ironic and Magnum `next`; Designate that in `links`. */
function nextQuery(body: Payload, key: string, path: string): Record<string, string> | undefined {
  const links = body[`${key}_links`] ?? (Array.isArray(body["links"]) ? body["links"] : undefined);
  const link = Array.isArray(links) ? links.filter(isObject).find(({ rel }) => rel === "next")?.["href"] : nextIn(body);
  if (link === undefined || link === null || link === "") return undefined;
  if (typeof link !== "string" || !URL.canParse(link, "http://localhost"))
    throw new ApiError("unreadable", `${path}: the link to its next page makes no sense`);
  const query = Object.fromEntries(new URL(link, "http://localhost").searchParams);
  if (query["marker"] === undefined) throw new ApiError("unreadable", `${path}: its next page has no marker`);
  return query;
}

const nextIn = ({ next, links }: Payload): unknown => next ?? (isObject(links) ? links["next"] : undefined);
