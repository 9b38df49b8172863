import type { FastifyRequest } from "fastify";
import { Arguments, pythonText } from "./arguments.ts";
import { exactJson } from "./exact-json.ts";
import { Fault } from "./fault.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * What a caller of v1 sent. An argument may come as a path segment, in the query, or as a key of a JSON body, with GET and
 * DELETE too. `arguments_` may be anywhere; `attributes` are of the object named `object`, and come in the body.
 */
export function bindV1(
  request: FastifyRequest,
  allowed: readonly string[],
  object?: { readonly name: string; readonly attributes: readonly string[] },
): Arguments {
  const query = single(request.query as Values);
  const body = objectIn(request.body);
  const attributes = object?.attributes ?? [];
  for (const name of Object.keys(query))
    if (!allowed.includes(name) && !attributes.includes(name)) throw new Fault(400, `Unknown argument: "${name}"`);
  for (const name of Object.keys(body)) {
    if (allowed.includes(name) || attributes.includes(name)) continue;
    throw new Fault(
      400,
      object === undefined ? `Unknown argument: "${name}"` : `Unknown attribute for argument ${object.name}: ${name}`,
    );
  }
  return new Arguments(withoutNul({ ...body, ...query, ...(request.params as Values) }));
}

/** v1 takes the last of several. */
const single = (query: Values): Values =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]));

/** What a caller of v2 sent in the query: lists may be repeated or apart by commas, anything else comes once. */
export function bindV2Query(
  request: FastifyRequest,
  allowed: readonly string[],
  lists: readonly string[] = [],
): Arguments {
  const query = Object.entries(request.query as Values).map(([name, value]): [string, readonly unknown[]] => [
    name,
    Array.isArray(value) ? value : [value],
  ]);
  const told = Object.fromEntries(query);
  for (const [name, values] of query) {
    if (!allowed.includes(name) && !lists.includes(name)) throw refused(told, "extra keys not allowed", `'${name}'`);
    if (values.length > 1 && !lists.includes(name))
      throw refused(told, "length of value must be at most 1", `'${name}'`);
  }
  return new Arguments(
    withoutNul(
      Object.fromEntries(query.map(([name, values]) => [name, lists.includes(name) ? values.join(",") : values[0]])),
    ),
  );
}

export function bindV2Body(request: FastifyRequest, allowed: readonly string[]): Arguments {
  const body = objectIn(request.body);
  for (const name of Object.keys(body))
    if (!allowed.includes(name)) throw refused(body, "extra keys not allowed", `'${name}'`);
  return new Arguments(withoutNul({ ...body, ...(request.params as Values) }));
}

export const refused = (data: unknown, says: string, path: string): Fault =>
  new Fault(400, `Invalid data '${pythonText(data)}' : ${says} (path: '[${path}]')`);

/** PostgreSQL keeps every character but this one, and nobody's name holds it. */
function withoutNul(values: Values): Values {
  for (const value of Object.values(values))
    if (typeof value === "string" && value.includes("\0")) throw new Fault(400, "An argument holds the character NUL");
  return values;
}

function objectIn(body: unknown): Values {
  if (typeof body !== "string" || body.trim() === "") return {};
  const value = jsonIn(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Values;
  throw new Fault(400, "Request must be a JSON dict");
}

function jsonIn(body: string): unknown {
  if (body.includes("\\u0000")) throw new Fault(400, "An argument holds the character NUL");
  try {
    return exactJson(body);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault(400, "Request is not in valid JSON format");
    throw error;
  }
}
