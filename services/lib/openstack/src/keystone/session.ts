import { accepted, objectIn } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Fetched, Reply } from "./call.ts";
import { addressOf, type Catalog } from "./catalog.ts";
import type { Cloud } from "./cloud.ts";
import { type Answered, type HttpOptions, pooledHttp, withoutQuery } from "./http.ts";
import { askedVersion, asSpoken, type Spoken, spokenIn, versionsAt } from "./microversion.ts";
import { type List, type Page, pagesOf } from "./pages.ts";
import { type Patience, patiently, waiting } from "./patience.ts";
import { issue, type Token, tokens } from "./token.ts";

/**
 * A cloud that we may ask. Promises:
 * 1. A token is asked for when the first question is, renewed before it expires, and once more when a service does not take it.
 * 2. What may only have gone wrong by chance is asked again, after pauses that grow and differ.
 * 3. Every question ends: with an answer, or with ApiError.
 * 4. A service that does not speak the microversion that it is asked at is asked at the most that it speaks, where that will do;
 *    else the ApiError says which it speaks.
 * 5. A token is sent to the addresses of the catalog and to no other, and is never part of an error.
 */
export interface CloudSession extends AsyncDisposable {
  /** What is no JSON object, or says something in its headers. */
  fetch(call: Call): Promise<Fetched>;
  get(call: Call): Promise<Reply>;
  /** Where each service is, as the token in force says. */
  catalog(): Promise<Catalog>;
  /** The pages of a list, each asked for only when the one before has been dealt with. */
  pages(list: List): AsyncIterable<Page>;
}

export interface SessionOptions extends HttpOptions {
  readonly attemptsMax: number;
  /** Aborts whatever is being asked. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly patience?: Omit<Patience, "attemptsMax">;
}

export function cloudSession(cloud: Cloud, options: SessionOptions): CloudSession {
  const { signal, attemptsMax, now = Date.now, patience = waiting(signal) } = options;
  const http = pooledHttp(cloud, options);
  const patient = { attemptsMax, ...patience };
  const known = tokens(() => issue(cloud, (asked) => http.ask(asked, signal), now), now);

  /** What services said that they speak, for as long as a token: a cloud is upgraded while we run. */
  const spoken = new WeakMap<Token, Map<string, Spoken>>();

  const ask = async (call: Call, token: Token): Promise<Asked> => {
    const url = urlOf(call, addressOf(token.catalog, cloud, call.service, call.version));
    const askedAt = now();
    const { isText, timeoutSeconds } = call;
    const asked = { method: "GET", url, headers: headersOf(call, token), isText, timeoutSeconds } as const;
    const answer = await http.ask(asked, signal);
    return { ...answer, asking: `GET ${withoutQuery(url)}`, askedAt };
  };

  const speaks = async ({ service, version }: Call, token: Token): Promise<Spoken | undefined> => {
    const url = versionsAt(addressOf(token.catalog, cloud, service, version));
    const { body } = await http.ask({ method: "GET", url, headers: headersOf({ service, path: "" }, token) }, signal);
    return spokenIn(body);
  };

  const once = async (call: Call, token: Token): Promise<Asked> => {
    const ranges = spoken.get(token) ?? new Map<string, Spoken>();
    spoken.set(token, ranges);
    const known = ranges.get(call.service);
    const answer = await ask(known === undefined ? call : asSpoken(call, known), token);
    const wanted = askedVersion(call);
    if (answer.status !== 406 || wanted === undefined) return answer;
    const range = await speaks(call, token);
    if (range === undefined) return { ...answer, asking: `${answer.asking} at ${wanted}` };
    ranges.set(call.service, range);
    const lower = asSpoken(call, range);
    if (lower !== call) return ask(lower, token);
    const sentence = `${call.service} speaks ${range.least} to ${range.most}, and was asked at ${wanted}`;
    throw new ApiError("not_acceptable", `${answer.asking}: 406, ${sentence}`);
  };

  const fetched = (call: Call): Promise<Fetched & { readonly asking: string }> =>
    patiently(async () => {
      const token = await known.current();
      let answer = await once(call, token);
      if (answer.status === 401) {
        known.forget(token);
        answer = await once(call, await known.current());
      }
      const { asking, askedAt } = answer;
      const { headers, body } = accepted(answer, asking);
      return { headers, body, askedAt, asking };
    }, patient);

  const get = async (call: Call): Promise<Reply> => {
    const { headers, body, askedAt, asking } = await fetched(call);
    return { body: objectIn({ body }, asking), askedAt, serviceClock: clockOf(headers.get("date")) };
  };

  const catalog = async (): Promise<Catalog> => (await patiently(() => known.current(), patient)).catalog;

  return {
    fetch: fetched,
    get,
    catalog,
    pages: (list) => pagesOf(list, get),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

type Asked = Answered & { readonly asking: string; readonly askedAt: number };

function clockOf(date: string | undefined): number | undefined {
  const said = Date.parse(date ?? "");
  return Number.isNaN(said) ? undefined : said;
}

function urlOf({ path, query = {}, account, isLink }: Call, address: string): string {
  if (isLink === true) return linked(address, path);
  const search = new URLSearchParams(query).toString();
  const base = account === undefined ? address : address.replace(ACCOUNT, `$1${encodeURIComponent(account)}`);
  return `${base}${path}${search === "" ? "" : `?${search}`}`;
}

/** Of a whole address only what comes after its host: a token goes where the catalog says. */
function linked(address: string, link: string): string {
  const base = new URL(address);
  const whole = URL.canParse(link) ? new URL(link) : undefined;
  const path = whole === undefined ? link : `${whole.pathname}${whole.search}`;
  const known = base.pathname.split("/").filter((part) => part !== "");
  const [, first = "", rest = ""] = /^\/?([^?]*)(.*)$/s.exec(path) ?? [];
  const parts = first.split("/");
  const shared = known.findIndex((_, from) => known.slice(from).every((part, at) => part === parts[at]));
  const before = shared >= 0 ? known.slice(0, shared) : path.startsWith("/") ? [] : known;
  return `${base.origin}/${[...before, ...parts].join("/")}${rest}`;
}

/** `AUTH_<project>`: an operator may have chosen another word for it, or none. */
const ACCOUNT = /([^/]*_)?[^/_]+$/;

const headersOf = ({ microversion, headers }: Call, token: Token): Record<string, string> => ({
  accept: "application/json",
  ...headers,
  "x-auth-token": token.reveal(),
  ...(microversion === undefined ? {} : { "openstack-api-version": microversion }),
});
