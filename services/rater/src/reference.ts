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
    theme: { title: "Raingauge API", css: [{ filename: "raingauge.css", content: STYLE }] },
    transformSpecification: (document) => inChapters(withExamples(document)),
  });
}

/** There is one document to read, and it is not another's: no field for its address, and no logo over it. */
const STYLE =
  ".swagger-ui .topbar { display: none } .swagger-ui .info { margin: 2rem 0 } .swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none }";

interface Described {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** Under the noun that an operation is about, since eighty in a row are no reference. */
const inChapters = <D extends Described>(document: D): D => ({
  ...document,
  paths: Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, { ...operation, tags: [chapter(path)] }]),
      ),
    ]),
  ),
});

const chapter = (path: string): string => {
  const noun = /^\/v1\/([^/]+)/.exec(path)?.[1];
  return noun ?? (/^\/(invoices|costs)/.test(path) ? "pages" : "process");
};

/** The package's own routes cannot say whom they admit, so it is said of the place where they are. */
export function admitToReference(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const isReference = route.url === REFERENCE || route.url.startsWith(`${REFERENCE}/`);
    if (isReference) route.config = { ...route.config, admits: "public" };
  });
}
