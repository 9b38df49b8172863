import { isObject, type Payload } from "../notification.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";

export interface List extends Call {
  /** The key of the answer that holds the items. */
  readonly items: string;
  /** How many to ask for at once; a service may give fewer. */
  readonly pageItems?: number;
}

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

function itemsIn(body: Payload, key: string, path: string): readonly Payload[] {
  const said = body[key];
  if (Array.isArray(said) && said.every(isObject)) return said;
  throw new ApiError("unreadable", `${path}: the answer holds no list of ${key}`);
}

/** Most services write `<items>_links`, Glance `next`. */
function nextQuery(body: Payload, key: string, path: string): Record<string, string> | undefined {
  const links = body[`${key}_links`];
  const link = Array.isArray(links) ? links.filter(isObject).find(({ rel }) => rel === "next")?.["href"] : body["next"];
  if (link === undefined || link === null || link === "") return undefined;
  if (typeof link !== "string" || !URL.canParse(link, "http://localhost"))
    throw new ApiError("unreadable", `${path}: the link to its next page makes no sense`);
  const query = Object.fromEntries(new URL(link, "http://localhost").searchParams);
  if (query["marker"] === undefined) throw new ApiError("unreadable", `${path}: its next page has no marker`);
  return query;
}
