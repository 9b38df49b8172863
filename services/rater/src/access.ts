import type { Scope } from "@raingauge/domain";
import type { Role } from "@raingauge/ledger";
import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { credentialsOf } from "./identity/credentials.ts";
import type { Access, Identity } from "./identity/identity.ts";
import { Problem } from "./problems.ts";
import type { SessionAccess } from "./single-sign-on/routes.ts";

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
    /** A POST that changes nothing, as queries too long for an address are: whoever may only read may send it. */
    readonly onlyReads?: boolean;
    /**
     * It takes readings from a program, which may show itself by Basic: no page can send what it takes unasked. The store
     * keeps what came, so the audit log does not.
     */
    readonly takesReadings?: boolean;
  }
}

/** The scope of the caller; a route that is public has none, and asking for it there is a defect. */
export function scopeOf({ access }: FastifyRequest): Scope {
  if (access === undefined) throw new Error("a public route has no caller");
  return access.scope;
}

export function useAccess(app: FastifyInstance, identity: Identity, bySession: SessionAccess): void {
  app.decorateRequest("access", undefined);
  app.addHook("onRoute", mustAdmit);
  app.addHook("onRequest", async (request) => {
    const admits = request.routeOptions.config.admits;
    if (request.is404 || admits === undefined || admits === "public") return;
    request.access = await accessOf(request, identity, bySession);
    if (!admits.includes(request.access.caller.role)) throw new Problem("ROLE_INSUFFICIENT");
  });
}

function mustAdmit({ config, method, url }: RouteOptions): void {
  if (config?.admits === undefined) throw new Error(`the route ${String(method)} ${url} does not say whom it admits`);
}

async function accessOf(request: FastifyRequest, identity: Identity, bySession: SessionAccess): Promise<Access> {
  const credentials = credentialsOf(request);
  if (credentials === undefined) {
    const signedIn = await bySession(request);
    if (signedIn === undefined) throw new Problem("TOKEN_MISSING");
    return signedIn;
  }
  const known = await identity.access(credentials);
  if (known === undefined) throw new Problem("TOKEN_UNKNOWN");
  if (known === "roleless") throw new Problem("ROLE_INSUFFICIENT");
  return known;
}
