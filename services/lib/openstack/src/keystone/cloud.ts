/** Where a cloud's Keystone is, and as whom we come. */
export interface Cloud {
  /** Ends in `/v3`. */
  readonly authUrl: string;
  /** Whose endpoints are taken from the catalog; any where absent. */
  readonly region?: string | undefined;
  readonly interface: Interface;
  readonly identity: Identity;
  /** The certificate of the authority behind the services', where the system does not know it. */
  readonly caFile?: string | undefined;
  /** False only where an operator said so: whoever is on the way could then read the token. */
  readonly verify: boolean;
}

export const INTERFACES = ["public", "internal", "admin"] as const;
export type Interface = (typeof INTERFACES)[number];

/** Secrets are functions, so that whoever prints a cloud prints none. */
export type Identity =
  | {
      readonly kind: "password";
      readonly user: Named;
      readonly password: () => string;
      readonly scope: Scope;
    }
  | {
      readonly kind: "application_credential";
      /** By its own id, or by its name and whose it is. */
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: Named };
      readonly secret: () => string;
    };

/** Keystone's way to name a user or a project: by its id, or by a name that is unique in its domain. */
export type Named = { readonly id: string } | { readonly name: string; readonly domain: Domain };

export type Domain = { readonly id: string } | { readonly name: string };

export type Scope = { readonly kind: "project"; readonly project: Named } | { readonly kind: "system" };
