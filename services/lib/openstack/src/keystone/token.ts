import { isObject, type Payload } from "../notification.ts";
import { accepted, objectIn } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { type Catalog, catalogIn } from "./catalog.ts";
import type { Cloud, Identity } from "./cloud.ts";
import type { Answered, Asked } from "./http.ts";

export interface Token {
  /** A function, so that whoever prints a token prints none. */
  readonly reveal: () => string;
  /** By our own clock, which Keystone's need not agree with. */
  readonly renewAt: number;
  readonly catalog: Catalog;
}

/** Asks Keystone for one. Throws ApiError. */
export async function issue(
  { authUrl, identity }: Pick<Cloud, "authUrl" | "identity">,
  ask: (asked: Asked) => Promise<Answered>,
  now: () => number,
): Promise<Token> {
  const url = `${authUrl}/auth/tokens`;
  const asking = `POST ${url}`;
  const askedAt = now();
  const asked = {
    method: "POST",
    url,
    headers: { accept: "application/json" },
    body: authentication(identity),
  } as const;
  const answer = accepted(await ask(asked), asking);
  const id = answer.headers.get("x-subject-token");
  const said = objectIn(answer, asking)["token"];
  if (id === undefined || !isObject(said)) throw new ApiError("unreadable", `${asking}: the answer holds no token`);
  return { reveal: () => id, renewAt: askedAt + renewalMs(said), catalog: catalogIn(said["catalog"]) };
}

const RENEWED_BEFORE_MS_MAX = 10 * 60 * 1_000;

/** In good time: a sweep may take minutes, and its last page wants a token too. */
function renewalMs(said: Payload): number {
  const lifetime = Date.parse(String(said["expires_at"])) - Date.parse(String(said["issued_at"]));
  if (!(lifetime > 0)) throw new ApiError("unreadable", "Keystone's token does not say until when it is valid");
  return lifetime - Math.min(RENEWED_BEFORE_MS_MAX, lifetime / 4);
}

/** The body of the request, as Keystone's API v3 wants it. */
export function authentication(identity: Identity): Payload {
  if (identity.kind === "application_credential") {
    const application_credential = { ...identity.credential, secret: identity.secret() };
    return { auth: { identity: { methods: ["application_credential"], application_credential } } };
  }
  const password = { user: { ...identity.user, password: identity.password() } };
  const scope = identity.scope.kind === "system" ? { system: { all: true } } : { project: identity.scope.project };
  return { auth: { identity: { methods: ["password"], password }, scope } };
}

/** The token in force, and who makes the next one. */
export interface Tokens {
  current(): Promise<Token>;
  /** A service did not take it; unless there is a newer one by now, the next one is asked for. */
  forget(token: Token): void;
}

/** Keeps one token for everybody; however many want one at once, Keystone is asked once. */
export function tokens(make: () => Promise<Token>, now: () => number): Tokens {
  let held: Token | undefined;
  let asked: Promise<Token> | undefined;
  const renew = async (): Promise<Token> => {
    try {
      held = await make();
      return held;
    } finally {
      asked = undefined;
    }
  };
  return {
    async current() {
      if (held !== undefined && now() < held.renewAt) return held;
      asked ??= renew();
      return asked;
    },
    forget(token) {
      if (held === token) held = undefined;
    },
  };
}
