import { list, type Reader, type Secret, seconds, secretFile, text, url } from "@raingauge/runtime";

/** Where people are known who look at the pages, and how its words are understood here. */
export interface SignOnSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Where browsers find us. */
  readonly publicUrl: URL;
  /** Signs the cookies: whoever has it can make up sessions. */
  readonly sessionKey: Secret;
  readonly sessionSeconds: number;
  readonly scopes: readonly string[];
  readonly claims: ClaimNames;
}

/** Which claims say what somebody may do, and which of their values mean which role. A dot leads into a claim. */
export interface ClaimNames {
  readonly roles: string;
  readonly projects: string;
  readonly accounts: string;
  readonly admin: readonly string[];
  readonly finance: readonly string[];
  readonly reader: readonly string[];
}

const PARTS = {
  issuer: url("OIDC_ISSUER", { schemes: ["https:", "http:"] }),
  clientId: text("OIDC_CLIENT_ID"),
  clientSecret: secretFile("OIDC_CLIENT_SECRET"),
  publicUrl: url("PUBLIC_URL", { schemes: ["https:", "http:"] }),
  sessionKey: secretFile("OIDC_SESSION_KEY"),
  sessionSeconds: seconds("OIDC_SESSION", { fallback: 8 * 3_600, min: 60, max: 86_400 }),
  scopes: list("OIDC_SCOPES", { fallback: ["openid", "profile", "email"] }),
} as const;

const CLAIMS = {
  roles: text("OIDC_ROLES_CLAIM", { fallback: "roles" }),
  projects: text("OIDC_PROJECTS_CLAIM", { fallback: "projects" }),
  accounts: text("OIDC_ACCOUNTS_CLAIM", { fallback: "accounts" }),
  admin: list("OIDC_ADMIN_VALUES", { fallback: ["raingauge-admin"] }),
  finance: list("OIDC_FINANCE_VALUES", { fallback: ["raingauge-finance"] }),
  reader: list("OIDC_READER_VALUES", { fallback: ["raingauge-reader"] }),
} as const;

/** Shorter keys could be guessed from a cookie. */
const KEY_CHARACTERS_MIN = 32;

/** All of it where an issuer is named, and nothing where none is. */
export const signOnReader: Reader<SignOnSettings | undefined> = {
  names: [...Object.values(PARTS), ...Object.values(CLAIMS)].flatMap(({ names }) => names),
  read(look, problem) {
    if (PARTS.issuer.names.every((name) => look(name) === undefined)) return undefined;
    const claims = {
      roles: CLAIMS.roles.read(look, problem),
      projects: CLAIMS.projects.read(look, problem),
      accounts: CLAIMS.accounts.read(look, problem),
      admin: CLAIMS.admin.read(look, problem),
      finance: CLAIMS.finance.read(look, problem),
      reader: CLAIMS.reader.read(look, problem),
    };
    const sessionKey = PARTS.sessionKey.read(look, problem);
    const length = sessionKey.reveal().length;
    if (length > 0 && length < KEY_CHARACTERS_MIN)
      problem(`RAINGAUGE_OIDC_SESSION_KEY must be at least ${KEY_CHARACTERS_MIN} characters long`);
    return {
      issuer: PARTS.issuer.read(look, problem),
      clientId: PARTS.clientId.read(look, problem),
      clientSecret: PARTS.clientSecret.read(look, problem),
      publicUrl: PARTS.publicUrl.read(look, problem),
      sessionKey,
      sessionSeconds: PARTS.sessionSeconds.read(look, problem),
      scopes: PARTS.scopes.read(look, problem),
      claims,
    };
  },
};
