import { isObject, type Payload } from "../notification.ts";
import { accepted, objectIn } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import type { Cloud } from "./cloud.ts";
import { type Answered, pooledHttp } from "./http.ts";
import { patiently, waiting } from "./patience.ts";
import type { SessionOptions } from "./session.ts";
import { authentication, issue, type Token, tokens } from "./token.ts";
import { factsIn, type TokenFacts } from "./token-facts.ts";

/**
 * Keystone, asked about others by a service's own user. Promises:
 * 1. A token or credential that Keystone does not take, for whatever reason, is `undefined` and no error.
 * 2. Whatever keeps Keystone from saying is an ApiError, whose sentence holds neither a token nor a secret.
 * 3. What is asked about is sent to the address that the cloud's description names, and to no other.
 */
export interface Keystone extends AsyncDisposable {
  /** `allowExpired` is for what a service does in a user's name after the user's token has ended. */
  validate(token: string, options?: { readonly allowExpired?: boolean }): Promise<TokenFacts | undefined>;
  /** What a token made with this application credential would be; the token itself is let go. */
  exchange(credential: { readonly id: string; readonly secret: string }): Promise<TokenFacts | undefined>;
  /** The ids of the projects of a domain. */
  projectsIn(domain: string): Promise<readonly string[]>;
  /** How all projects that it lists are called, by their ids. */
  projectNames(): Promise<ReadonlyMap<string, string>>;
}

export function keystone(cloud: Cloud, options: SessionOptions): Keystone {
  const { signal, attemptsMax, now = Date.now, patience = waiting(signal) } = options;
  const http = pooledHttp(cloud, options);
  const patient = { attemptsMax, ...patience };
  const own = tokens(() => issue(cloud, (asked) => http.ask(asked, signal), now), now);

  const once = (path: string, headers: Readonly<Record<string, string>>, token: Token): Promise<Answered> =>
    http.ask(
      {
        method: "GET",
        url: `${cloud.authUrl}${path}`,
        headers: { accept: "application/json", "x-auth-token": token.reveal(), ...headers },
      },
      signal,
    );

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
    patiently(async () => {
      const token = await own.current();
      let answer = await once(path, headers, token);
      if (answer.status === 401) {
        own.forget(token);
        answer = await once(path, headers, await own.current());
      }
      if (answer.status === 404) return answer;
      return accepted(answer, `GET ${pathOnly(path)}`);
    }, patient);

  return {
    async validate(token, { allowExpired = false } = {}) {
      const answer = await get(`/auth/tokens?nocatalog${allowExpired ? "&allow_expired=1" : ""}`, {
        "x-subject-token": token,
      });
      return answer.status === 404 ? undefined : factsIn(answer, "GET /auth/tokens");
    },
    async exchange({ id, secret }) {
      const asking = "POST /auth/tokens";
      const body = authentication({ kind: "application_credential", credential: { id }, secret: () => secret });
      const url = `${cloud.authUrl}/auth/tokens?nocatalog`;
      const answer = await patiently(async () => {
        const told = await http.ask({ method: "POST", url, headers: { accept: "application/json" }, body }, signal);
        return REFUSED.includes(told.status) ? told : accepted(told, asking);
      }, patient);
      return REFUSED.includes(answer.status) ? undefined : factsIn(answer, asking);
    },
    async projectsIn(domain) {
      const asking = "GET /projects";
      const answer = await get(`/projects?${new URLSearchParams({ domain_id: domain })}`);
      return projectIds(objectIn(accepted(answer, asking), asking), asking);
    },
    async projectNames() {
      const asking = "GET /projects";
      const { projects } = objectIn(accepted(await get("/projects"), asking), asking);
      if (!Array.isArray(projects)) throw new ApiError("unreadable", `${asking}: the answer holds no list of projects`);
      return new Map(projects.filter(isObject).map(({ id, name }) => [String(id), String(name ?? id)]));
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/** Keystone says 401 of what it does not take, 400 of an id that cannot be one, and 404 of one that was deleted meanwhile. */
const REFUSED: readonly number[] = [400, 401, 404];

const pathOnly = (path: string): string => path.replace(/\?.*$/s, "");

function projectIds(body: Payload, asking: string): string[] {
  const { projects, truncated } = body;
  if (!Array.isArray(projects)) throw new ApiError("unreadable", `${asking}: the answer holds no list of projects`);
  if (truncated === true) throw new ApiError("unreadable", `${asking}: the list is cut short by Keystone's list_limit`);
  return projects.filter(isObject).map(({ id }) => String(id));
}
