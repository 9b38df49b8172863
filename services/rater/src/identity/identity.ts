import type { Scope } from "@raingauge/domain";
import type { Role } from "@raingauge/ledger";
import type { ProjectNames } from "./project-names.ts";

/** What a request brought to say who asks. */
export type Credentials =
  | {
      readonly kind: "token";
      readonly token: string;
      /** Of the service that passes the token on. */
      readonly service?: string;
    }
  | { readonly kind: "basic"; readonly user: string; readonly password: string };

/** Who is asking, and whose data they may see. Made once for each request; every query takes the scope. */
export interface Access {
  readonly caller: {
    /** For people and the audit log. */
    readonly name: string;
    readonly role: Role;
    /** Keystone's id of the user, where it was Keystone that knew them. */
    readonly id?: string;
  };
  readonly scope: Scope;
  /** The project that a Keystone token was made for: what a program that says no project means by its own. */
  readonly project?: string;
}

/**
 * Where callers are known. Promises:
 * 1. What it does not know, for whatever reason, is `undefined`: nobody learns how near a guess was.
 * 2. Somebody known who holds no role here is `"roleless"`.
 * 3. A secret is kept in no form from which it can be had back, and is in no error.
 */
export interface Identity {
  /** Throws IdentityUnavailable where it cannot be said now. */
  access(credentials: Credentials): Promise<Access | "roleless" | undefined>;
  /** How projects are called, where somebody knows that. */
  readonly projectNames?: ProjectNames;
}

/** Who is asking cannot be found out now; the same request may succeed later. */
export class IdentityUnavailable extends Error {
  override readonly name = "IdentityUnavailable";
}

/** Asks one after the other until one knows the caller. One that cannot say keeps nobody from those before it. */
export const inTurn = (...identities: readonly Identity[]): Identity => ({
  async access(credentials) {
    for (const identity of identities) {
      const known = await identity.access(credentials);
      if (known !== undefined) return known;
    }
    return undefined;
  },
});
