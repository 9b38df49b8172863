import cookie from "@fastify/cookie";
import { signedOutPage } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import type { FastifyBodyParser, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { sendPage } from "../html-reply.ts";
import type { Access } from "../identity/identity.ts";
import type { Calendar } from "../period-query.ts";
import { Problem } from "../problems.ts";
import { type Cookies, cookies } from "./cookies.ts";
import { accessOf } from "./session.ts";
import { CALLBACK, SIGNED_OUT, type SignOn } from "./sign-on.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Undefined where nobody can sign in. */
    readonly signIn: { readonly issuer: string } | undefined;
  }
  interface FastifyRequest {
    /** Whether it is by a session of the browser that its person is known. */
    signedIn: boolean;
  }
}

export type SessionAccess = (request: FastifyRequest) => Promise<Access | undefined>;

/**
 * People who signed in with their browser. A session is worth something for reading only: a browser sends it along whoever
 * wrote the page that asks. Returns who asks by such a session.
 */
export async function useSignOn(
  app: FastifyInstance,
  signOn: SignOn | undefined,
  { ledger, calendar }: { readonly ledger: Pick<Ledger, "accounts" | "placements">; readonly calendar: Calendar },
): Promise<SessionAccess> {
  app.decorate("signIn", signOn === undefined ? undefined : { issuer: signOn.settings.issuer.origin });
  app.decorateRequest("signedIn", false);
  if (signOn === undefined) return async () => undefined;
  await app.register(cookie, { secret: signOn.settings.sessionKey.reveal() });
  const kept = cookies(signOn.settings.publicUrl.protocol === "https:");
  await signOnRoutes(app, signOn, kept);
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const session = kept.session(request);
    const now = calendar.clock();
    if (session === undefined || session.until <= now) return undefined;
    request.signedIn = true;
    return accessOf(session, ledger, now);
  };
}

const HIDDEN = { schema: { hide: true }, config: { admits: "public" } } as const;

async function signOnRoutes(app: FastifyInstance, signOn: SignOn, kept: Cookies): Promise<void> {
  const { publicUrl, sessionSeconds } = signOn.settings;

  app.get<{ Querystring: { back?: unknown } }>("/sign-in", HIDDEN, async ({ query }, reply) => {
    const { url, flow } = await signOn.begin(localPath(query.back));
    kept.keepFlow(reply, flow);
    return unkept(reply).redirect(url.href, 303);
  });

  app.get(CALLBACK, HIDDEN, async (request, reply) => {
    const flow = kept.flow(request);
    if (flow === undefined) throw new Problem("SIGN_ON_FAILED", "it took too long, or began in another browser");
    const session = await signOn.finish(new URL(request.url, publicUrl), flow);
    kept.forget(reply);
    if (session === undefined) throw new Problem("SIGN_ON_FAILED");
    if (session === "roleless") throw new Problem("ROLE_INSUFFICIENT");
    kept.keepSession(reply, session, sessionSeconds);
    return unkept(reply).redirect(flow.back, 303);
  });

  const signingOut: FastifyPluginAsync = async (forms) => {
    // Its form sends nothing, and a browser's forms are of a type that nobody else here takes.
    const nothing: FastifyBodyParser<string> = (_request, _body, done) => done(null);
    forms.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, nothing);
    forms.post("/sign-out", HIDDEN, async (_request, reply) => {
      kept.forget(reply);
      return unkept(reply).redirect((await signOn.end())?.href ?? SIGNED_OUT, 303);
    });
  };
  await app.register(signingOut);

  app.get(SIGNED_OUT, HIDDEN, async (_request, reply) => sendPage(reply, signedOutPage()));
}

/** Where a browser is sent whose person is not known, and from where it comes back to what it asked for. */
export const signInFor = (path: string): string => `/sign-in?${new URLSearchParams({ back: path })}`;

/** A path of ours, and nobody else's address that looks like one. */
const localPath = (back: unknown): string =>
  typeof back === "string" && /^\/(?![/\\])[\x21-\x7e]*$/.test(back) ? back : "/invoices";

const unkept = (reply: FastifyReply): FastifyReply => reply.header("cache-control", "no-store");
