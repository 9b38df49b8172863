import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { Session } from "./session.ts";
import type { Flow } from "./sign-on.ts";

const SESSION = "raingauge-session";
const FLOW = "raingauge-sign-in";

/** Nobody takes longer to type a password. */
const FLOW_SECONDS = 600;

const Flowing = z.object({ verifier: z.string(), state: z.string(), nonce: z.string(), back: z.string() });

/** What a browser carries for us. No script can read it, no other site can send it along with a write. */
export interface Cookies {
  session(request: FastifyRequest): Session | undefined;
  flow(request: FastifyRequest): Flow | undefined;
  keepSession(reply: FastifyReply, session: Session, seconds: number): void;
  keepFlow(reply: FastifyReply, flow: Flow): void;
  forget(reply: FastifyReply): void;
}

/** `isSecure` where browsers reach us over TLS: then they are to send cookies over nothing else. */
export function cookies(isSecure: boolean): Cookies {
  // The prefix has a browser refuse the cookie where a neighbouring host made it up.
  const nameOf = (name: string): string => (isSecure ? `__Host-${name}` : name);
  const manner = { path: "/", httpOnly: true, secure: isSecure, sameSite: "lax", signed: true } as const;
  const read = <T>(request: FastifyRequest, name: string, schema: z.ZodType<T>): T | undefined => {
    const { valid, value } = request.unsignCookie(request.cookies[nameOf(name)] ?? "");
    return valid && value !== null ? schema.parse(JSON.parse(Buffer.from(value, "base64url").toString())) : undefined;
  };
  const keep = (reply: FastifyReply, name: string, value: object, maxAge: number): void =>
    void reply.setCookie(nameOf(name), Buffer.from(JSON.stringify(value)).toString("base64url"), { ...manner, maxAge });
  return {
    session: (request) => read(request, SESSION, Session),
    flow: (request) => read(request, FLOW, Flowing),
    keepSession: (reply, session, seconds) => keep(reply, SESSION, session, seconds),
    keepFlow: (reply, flow) => keep(reply, FLOW, flow, FLOW_SECONDS),
    forget(reply) {
      for (const name of [SESSION, FLOW]) reply.clearCookie(nameOf(name), manner);
    },
  };
}
