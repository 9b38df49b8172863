import type { FastifyInstance, RouteOptions } from "fastify";
import type { Admission } from "./access.ts";

/** A route as it stands in the server, documented or not. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly admits: Admission;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Every route that was registered: what a test tries, so that none can be forgotten. */
    readonly routesKnown: readonly KnownRoute[];
  }
}

export function useRoutesKnown(app: FastifyInstance): void {
  const known: KnownRoute[] = [];
  app.decorate("routesKnown", known);
  app.addHook("onRoute", ({ method, url, config }: RouteOptions) => {
    for (const each of [method].flat()) known.push({ method: each, url, admits: config?.admits ?? [] });
  });
}
