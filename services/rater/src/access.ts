import { EVERYTHING, projects, type Scope } from "@raingauge/domain";
import type { Caller, Ledger, Role } from "@raingauge/ledger";
import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { Problem } from "./problems.ts";

/** Who is asking, and whose data they may see. Made once for each request; every query takes the scope. */
export interface Access {
  readonly caller: Caller;
  readonly scope: Scope;
}

/** Who may use a route. Each route says so; one that does not keeps the server from starting. */
export type Admission = "public" | readonly Role[];

export const ANYBODY: readonly Role[] = ["admin", "finance", "reader"];
export const MONEY: readonly Role[] = ["admin", "finance"];
export const ADMINS: readonly Role[] = ["admin"];

declare module "fastify" {
  interface FastifyRequest {
    /** Set for every route that is not public, before anything of the request is read. */
    access: Access | undefined;
  }
  interface FastifyContextConfig {
    readonly admits?: Admission;
    /** Even reading is written down. */
    readonly audited?: boolean;
  }
}

/** The scope of the caller; a route that is public has none, and asking for it there is a defect. */
export function scopeOf({ access }: FastifyRequest): Scope {
  if (access === undefined) throw new Error("a public route has no caller");
  return access.scope;
}

export function useAccess(app: FastifyInstance, ledger: Pick<Ledger, "caller">): void {
  app.decorateRequest("access", undefined);
  app.addHook("onRoute", mustAdmit);
  app.addHook("onRequest", async (request) => {
    const admits = request.routeOptions.config.admits;
    if (request.is404 || admits === undefined || admits === "public") return;
    request.access = accessOf(await callerOf(request, ledger));
    if (!admits.includes(request.access.caller.role)) throw new Problem("ROLE_INSUFFICIENT");
  });
}

function mustAdmit({ config, method, url }: RouteOptions): void {
  if (config?.admits === undefined) throw new Error(`the route ${String(method)} ${url} does not say whom it admits`);
}

/** A reader sees its projects; finance and admin see all money. */
const accessOf = (caller: Caller): Access => ({
  caller,
  scope: caller.role === "reader" ? projects(...caller.projects) : EVERYTHING,
});

async function callerOf(request: FastifyRequest, ledger: Pick<Ledger, "caller">): Promise<Caller> {
  const token = tokenOf(request);
  if (token === undefined) throw new Problem("TOKEN_MISSING");
  const caller = await ledger.caller(token);
  if (caller === undefined) throw new Problem("TOKEN_UNKNOWN");
  return caller;
}

function tokenOf({ headers, method }: FastifyRequest): string | undefined {
  const own = headers["x-auth-token"];
  if (typeof own === "string" && own !== "") return own;
  const [, scheme = "", credentials = ""] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return credentials;
  // A browser sends what it was told once with every request, whoever wrote the page that asks: so it may only read.
  if (scheme.toLowerCase() === "basic" && (method === "GET" || method === "HEAD")) return passwordOf(credentials);
  return undefined;
}

function passwordOf(credentials: string): string | undefined {
  const [, password] = /^[^:]*:(.+)$/s.exec(Buffer.from(credentials, "base64").toString("utf8")) ?? [];
  return password;
}
