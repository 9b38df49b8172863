import { at, type Instant } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import * as oidc from "openid-client";
import { IdentityUnavailable } from "../identity/identity.ts";
import { type Session, sessionOf } from "./session.ts";
import type { SignOnSettings } from "./settings.ts";

/** What must be the same when somebody comes back from the issuer; in a signed cookie meanwhile. */
export interface Flow {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The page that was asked for. */
  readonly back: string;
}

export interface SignOn {
  readonly settings: SignOnSettings;
  /** Where to send a browser so that its person signs in, and what to remember of it. */
  begin(back: string): Promise<{ readonly url: URL; readonly flow: Flow }>;
  /** Who came back; "roleless" where they may see nothing here, undefined where it was not what began. */
  finish(returned: URL, flow: Flow): Promise<Session | "roleless" | undefined>;
  /** Where to send a browser so that its person is signed out there too; undefined where the issuer has no such place. */
  end(): Promise<URL | undefined>;
}

/** OpenID Connect: an authorization code with PKCE, a state and a nonce. The issuer is asked about itself at first use. */
export function signOn(
  settings: SignOnSettings,
  { log, clock }: { readonly log: Log; readonly clock: () => Instant },
): SignOn {
  const { issuer, clientId, clientSecret, publicUrl, scopes } = settings;
  const callback = new URL(CALLBACK, publicUrl).href;
  let known: Promise<oidc.Configuration> | undefined;

  const discovered = async (): Promise<oidc.Configuration> => {
    known ??= oidc.discovery(issuer, clientId, clientSecret.reveal(), undefined, {
      timeout: TIMEOUT_SECONDS,
      // An issuer without TLS was named as such by the operator: on this machine, or in a test.
      execute: issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [],
    });
    try {
      return await known;
    } catch (error) {
      known = undefined;
      log.warn("issuer not reached", { error });
      throw new IdentityUnavailable();
    }
  };

  return {
    settings,
    async begin(back) {
      const config = await discovered();
      const flow = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        back,
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: scopes.join(" "),
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: "S256",
        state: flow.state,
        nonce: flow.nonce,
      });
      return { url, flow };
    },
    async finish(returned, { verifier, state, nonce }) {
      const config = await discovered();
      const claims = await claimsOf(config, returned, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }).catch((error: unknown) => {
        if (!isRefusal(error)) throw unavailable(error, log);
        log.warn("sign-on refused", { error });
        return undefined;
      });
      if (claims === undefined) return undefined;
      const until = at(clock() + settings.sessionSeconds * 1_000);
      return sessionOf(claims, settings.claims, until) ?? "roleless";
    },
    async end() {
      const config = await discovered();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: new URL(SIGNED_OUT, publicUrl).href });
    },
  };
}

export const CALLBACK = "/sign-in/callback";
export const SIGNED_OUT = "/signed-out";
const TIMEOUT_SECONDS = 10;

/** Of the token about the person and, where the issuer says more elsewhere, of that too. */
async function claimsOf(config: oidc.Configuration, returned: URL, checks: oidc.AuthorizationCodeGrantChecks) {
  const tokens = await oidc.authorizationCodeGrant(config, returned, checks);
  const claims = tokens.claims();
  if (claims === undefined || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
}

/** What the issuer or the browser said was not what this sign-on expects; anything else is the network. */
const isRefusal = (error: unknown): boolean =>
  error instanceof oidc.AuthorizationResponseError ||
  error instanceof oidc.ResponseBodyError ||
  (error instanceof oidc.ClientError && error.code !== "OAUTH_TIMEOUT" && !isNetwork(error.cause));

const isNetwork = (cause: unknown): boolean => cause instanceof TypeError && "cause" in cause;

function unavailable(error: unknown, log: Log): IdentityUnavailable {
  log.warn("issuer not reached", { error });
  return new IdentityUnavailable();
}
