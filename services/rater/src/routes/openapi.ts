import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { FastifySchema, RouteOptions } from "fastify";
import { z } from "zod";
import { withExamples } from "../examples.ts";
import { NamedWriteHeaders } from "../named-write.ts";
import { PROBLEMS } from "../problems.ts";
import { jsonSchema, openApiSchema, type Routes } from "../schema.ts";

/** How the document is made: zod's schemas become JSON Schema, and every operation says whom it admits. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "Raingauge",
      version: "1",
      description:
        "Usage, prices, costs and invoices of an OpenStack cloud. Amounts and quantities are exact decimal strings. A caller sees what their token's projects used; what is not theirs is as if it were not there.",
    },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        keystone: { type: "apiKey", in: "header", name: "X-Auth-Token" },
        basic: { type: "http", scheme: "basic", description: "For browsers: the token as password; reading only." },
      },
    },
  },
  transform: ({ schema, url, route }) => {
    const admits = route.config?.admits;
    const described = openApiSchema({
      ...schema,
      ...(canBeNamed(route) ? { headers: NamedWriteHeaders.extend(headersOf(schema)) } : {}),
      response: { ...responsesOf(schema?.response), default: problemResponse() },
    });
    if (admits === undefined || admits === "public") return { schema: { ...described, security: [] }, url };
    return { schema: { ...described, security: SECURITY, "x-roles": admits } as typeof described, url };
  },
};

/** A write is done once under its name, unless its answer may not be kept. */
const canBeNamed = ({ method, config }: RouteOptions): boolean =>
  ["POST", "PUT", "DELETE"].includes(String(method)) &&
  config?.admits !== "public" &&
  config?.answersSecret !== true &&
  config?.onlyReads !== true;

const headersOf = (schema: FastifySchema | undefined): z.core.$ZodShape =>
  schema?.headers instanceof z.ZodObject ? schema.headers.shape : {};

const SECURITY = [{ bearer: [] }, { keystone: [] }, { basic: [] }];

const ProblemView = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(PROBLEMS) as [string, ...string[]]),
  detail: z.string().optional(),
  errors: z.array(z.object({ where: z.string(), says: z.string() })).optional(),
  request: z.string().optional().describe("What the log calls the request; also in the header `x-request-id`."),
});

const problemResponse = () => ({
  description: "What went wrong, by its stable code",
  content: { "application/problem+json": { schema: jsonSchema(ProblemView, "output") } },
});

const responsesOf = (response: unknown): object => (typeof response === "object" && response !== null ? response : {});

export const openApiRoutes: Routes<object> = async (app) => {
  app.get("/openapi.json", { schema: { hide: true }, config: { admits: "public" } }, async () =>
    withExamples(app.swagger()),
  );
};
