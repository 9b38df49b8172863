import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { withExamples } from "./examples.ts";

/** Where a person reads what the API can do. */
const REFERENCE = "/reference";

/**
 * The OpenAPI document as pages that can be tried out. All of it comes out of the package: a cloud's network often reaches
 * nothing outside. It shows what `/openapi.json` says and no more, so it is as public.
 */
export async function useReference(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: REFERENCE,
    staticCSP: true,
    uiConfig: { deepLinking: true, persistAuthorization: false },
    theme: { title: "Raingauge API" },
    transformSpecification: withExamples,
  });
}

/** The package's own routes cannot say whom they admit, so it is said of the place where they are. */
export function admitToReference(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const isReference = route.url === REFERENCE || route.url.startsWith(`${REFERENCE}/`);
    if (isReference) route.config = { ...route.config, admits: "public" };
  });
}
