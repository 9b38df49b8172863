import { createHmac, randomBytes } from "node:crypto";
import { isLocalToken } from "@raingauge/ledger";
import { ApiError, type Keystone, type TokenFacts } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { LRUCache } from "lru-cache";
import { type Credentials, type Identity, IdentityUnavailable } from "./identity.ts";
import { accessOf, type RoleNames } from "./keystone-roles.ts";

export interface KeystoneTerms {
  readonly roles: RoleNames;
  /** Roles of services that may pass on a token that has ended meanwhile. */
  readonly serviceRoles: readonly string[];
  /** How long an answer of Keystone's is believed: what it takes back still works for as long. */
  readonly cacheSeconds: number;
}

interface KeystoneParts {
  readonly keystone: Keystone;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Those whom Keystone knows: tokens, and application credentials over Basic with the id as the user. Answers are kept under
 * a digest whose key this process alone has and forgets, so that what rests in memory is no secret of anybody's.
 */
export function keystoneTokens({ keystone, log, now }: KeystoneParts, terms: KeystoneTerms): Identity {
  const held = cache<TokenFacts | typeof REFUSED>(terms.cacheSeconds, now);
  const domains = cache<readonly string[]>(terms.cacheSeconds, now);

  const projectsIn = (domain: string): Promise<readonly string[]> =>
    domains(domain, async () => ({ value: await keystone.projectsIn(domain), until: Number.POSITIVE_INFINITY }));

  const facts = async (key: readonly string[], ask: () => Promise<TokenFacts | undefined>, allowExpired = false) => {
    const known = await held(JSON.stringify(key), async () => {
      const told = await ask();
      if (told === undefined) return { value: REFUSED, until: now() + REFUSED_MS };
      return { value: told, until: allowExpired ? Number.POSITIVE_INFINITY : told.expiresAt };
    });
    return known === REFUSED ? undefined : known;
  };

  const validated = (token: string, allowExpired = false): Promise<TokenFacts | undefined> =>
    facts(["token", token, String(allowExpired)], () => keystone.validate(token, { allowExpired }), allowExpired);

  const known = async (credentials: Credentials): Promise<TokenFacts | undefined> => {
    if (credentials.kind === "basic") {
      const { user: id, password: secret } = credentials;
      return facts(["credential", id, secret], () => keystone.exchange({ id, secret }));
    }
    const { token, service } = credentials;
    if (service === undefined) return validated(token);
    const passing = isToken(service) ? await validated(service) : undefined;
    if (passing === undefined) return undefined;
    return validated(
      token,
      passing.roles.some((role) => terms.serviceRoles.includes(role)),
    );
  };

  return {
    async access(credentials) {
      if (!isKeystones(credentials)) return undefined;
      try {
        const told = await known(credentials);
        return told === undefined ? undefined : await accessOf(told, terms.roles, projectsIn);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        log.error("keystone not asked", { code: error.code, reason: error.message });
        throw new IdentityUnavailable("Keystone does not say who is asking", { cause: error });
      }
    },
  };
}

const REFUSED = Symbol("not taken by Keystone");

/** What is refused is asked about again soon: a credential may just have been made, or a Keystone behind others lag. */
const REFUSED_MS = 5_000;

/** A secret of our own is nothing to show to another service. */
const isKeystones = (credentials: Credentials): boolean =>
  credentials.kind === "basic"
    ? !isLocalToken(credentials.password) && isToken(credentials.user)
    : !isLocalToken(credentials.token) && isToken(credentials.token);

/** Fernet's, JWS' and UUIDs are; what is not is no header that could be sent on. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,8192}$/.test(text);

/** As many callers as a large cloud has at once; some ten megabytes. */
const HELD_MAX = 10_000;

interface Answer<V> {
  readonly value: V;
  readonly until: number;
}

/** Remembers answers under a keyed digest of the question; however many ask the same at once, it is asked once. */
function cache<V extends NonNullable<unknown>>(seconds: number, now: () => number) {
  const key = randomBytes(32);
  const held = new LRUCache<string, NonNullable<Answer<V>>, () => Promise<Answer<V>>>({
    max: HELD_MAX,
    perf: { now },
    ttlResolution: 0,
    fetchMethod: async (_digest, _stale, { options, context: ask }) => {
      const answer = await ask();
      options.ttl = Math.max(1, Math.min(seconds * 1_000, answer.until - now()));
      return answer;
    },
  });
  return async (question: string, ask: () => Promise<Answer<V>>): Promise<V> => {
    const digest = createHmac("sha256", key).update(question).digest("base64url");
    const answer = await held.fetch(digest, { context: ask });
    if (answer === undefined) throw new Error("a question that was asked has an answer");
    return answer.value;
  };
}
