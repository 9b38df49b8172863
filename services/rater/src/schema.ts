import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifySchema,
  FastifyTypeProvider,
  RawServerDefault,
} from "fastify";
import { z } from "zod";
import type { ProblemError } from "./problems.ts";

/** Route schemas are zod's: one schema says what a route takes, types its handler, and becomes the OpenAPI document. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this["schema"] extends z.ZodType ? z.output<this["schema"]> : unknown;
  readonly serializer: this["schema"] extends z.ZodType ? z.input<this["schema"]> : unknown;
}

/** A file of routes, given its collaborators by name. */
export type Routes<Collaborators> = FastifyPluginAsync<
  Collaborators & Record<never, never>,
  RawServerDefault,
  ZodTypes
>;

/** A request that its route's schema does not take. */
export class RequestInvalid extends Error {
  override readonly name = "RequestInvalid";
  readonly errors: readonly ProblemError[];

  constructor(part: string, issues: readonly z.core.$ZodIssue[]) {
    super("the request is not as the API describes it");
    this.errors = issues.map(({ path, message }) => ({ where: [part, ...path.map(String)].join("."), says: message }));
  }
}

export function useZod(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (value) => {
    if (holdsNul(value)) return { error: new RequestInvalid(httpPart ?? "request", [NUL]) };
    const result = schema.safeParse(value);
    return result.success
      ? { value: result.data }
      : { error: new RequestInvalid(httpPart ?? "request", result.error.issues) };
  });
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

/** PostgreSQL keeps every character but this one, and nobody's name holds it. */
const NUL: z.core.$ZodIssue = { code: "custom", path: [], message: "holds the character NUL" };

const holdsNul = (value: unknown): boolean => {
  if (typeof value === "string") return value.includes("\0");
  // Bytes are no text; whoever reads them looks at the texts that they hold.
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Object.entries(value).flat().some(holdsNul);
};

/** A route's schema as OpenAPI 3.1 has it, whose schemas are plain JSON Schema. */
export const openApiSchema = (schema: FastifySchema): FastifySchema => ({
  ...schema,
  ...part("params", schema.params, "input"),
  ...part("headers", schema.headers, "input"),
  ...part("querystring", schema.querystring, "input"),
  ...part("body", schema.body, "input"),
  ...(isRecord(schema.response) ? { response: responses(schema.response) } : {}),
});

const part = (name: string, schema: unknown, io: "input" | "output"): object =>
  schema instanceof z.ZodType ? { [name]: jsonSchema(schema, io) } : {};

const responses = (byStatus: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(byStatus).map(([status, schema]) => [
      status,
      schema instanceof z.ZodType ? jsonSchema(schema, "output") : schema,
    ]),
  );

/** `readonly` of our types says nothing of the API: a program may do with an answer what it likes. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const override = ({ jsonSchema: made }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void =>
    void delete made.readOnly;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  return rest;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
