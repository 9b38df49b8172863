import type { Role } from "@raingauge/ledger";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import type { InjectOptions } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Api, api } from "./fixtures/api.ts";
import { busyCloud, lived, march } from "./fixtures/cloud.ts";
import { PROBLEMS } from "./problems.ts";

/**
 * Requests made from the OpenAPI document: each parameter sometimes as its schema has it, sometimes near that, sometimes
 * anything at all. Whatever comes, the server answers as it says it does, and a reader hears nothing of another's project.
 */

const Schema = z.looseObject({ type: z.unknown().optional(), enum: z.array(z.unknown()).optional() });
const Parameter = z.object({ name: z.string(), in: z.enum(["path", "query", "header"]), schema: Schema.default({}) });
const Operation = z.object({
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: Schema.optional() })) }).optional(),
  security: z.array(z.unknown()),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

interface Described {
  readonly path: string;
  readonly method: Uppercase<string>;
  readonly operation: z.output<typeof Operation>;
}

const KNOWN = ["acme", "vm-1", "RG-000001", "2026-03", "instance", "north", "project,resource", "day", "UTC", "1", "0"];
const FOREIGN = ["zebra", "striped-vm", "RG-000003"];
const EDGES = [
  "",
  " ",
  "\u0000",
  "%",
  "../..",
  "a".repeat(199),
  "'; drop table invoices;--",
  "constructor",
  "__proto__",
  "9".repeat(30),
  "-1",
  "1e9",
  "NaN",
  "2026-02-31",
  "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z",
  "Ü💧",
  "*",
  "{}",
  "[]",
];

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 2, arbitrary: fc.constantFrom(...FOREIGN) },
  { weight: 2, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

const valueFor = ({ enum: choices }: z.output<typeof Schema>): fc.Arbitrary<string> =>
  choices === undefined || choices.length === 0
    ? text
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...choices.map(String)) }, { weight: 1, arbitrary: text });

const bodyOf = (schema: Record<string, unknown> | undefined): fc.Arbitrary<unknown> => {
  const properties = z.record(z.string(), z.unknown()).safeParse(schema?.["properties"]);
  if (!properties.success) return fc.oneof(text, fc.jsonValue());
  const fields = Object.fromEntries(
    Object.keys(properties.data).map((name) => [name, fc.oneof(text, fc.jsonValue(), fc.array(text), fc.boolean())]),
  );
  return fc.oneof(fc.record(fields, { requiredKeys: [] }), fc.jsonValue());
};

const requestOf = ({ path, method, operation }: Described): fc.Arbitrary<InjectOptions & { url: string }> => {
  const named = (where: "path" | "query" | "header") => operation.parameters.filter((each) => each.in === where);
  const inPath = fc.record(Object.fromEntries(named("path").map(({ name, schema }) => [name, valueFor(schema)])));
  const inQuery = fc.record(Object.fromEntries(named("query").map(({ name, schema }) => [name, valueFor(schema)])), {
    requiredKeys: [],
  });
  const inHeaders = fc.record(
    Object.fromEntries(named("header").map(({ name, schema }) => [name, valueFor(schema).map(sendable)])),
    { requiredKeys: [] },
  );
  const [[type, content] = []] = Object.entries(operation.requestBody?.content ?? {});
  const body = type === undefined ? fc.constant(undefined) : bodyOf(content?.schema);
  const accept = fc.constantFrom("application/json", "text/html", "*/*", "");
  return fc.tuple(inPath, inQuery, inHeaders, body, accept).map(([places, query, told, payload, accepted]) => {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ""));
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return {
      method: method as "GET",
      url: search === "" ? address : `${address}?${search}`,
      headers: { ...told, accept: accepted, ...(type === undefined ? {} : { "content-type": type }) },
      ...(type === undefined ? {} : { payload: typeof payload === "string" ? payload : JSON.stringify(payload) }),
    };
  });
};

/** No client can send anything else in a header. */
const sendable = (value: string): string => value.replace(/[^\x20-\x7e]/g, "?");

let made: Api;
let described: readonly Described[];

beforeAll(async () => {
  const cloud = await busyCloud();
  await cloud.say(lived("zebra", "striped-vm", march(1), march(20)));
  made = await api(cloud);
  await made.ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  const { paths } = Document.parse((await made.ask(undefined, "/openapi.json")).json());
  described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      operation,
      method: method.toUpperCase() as Uppercase<string>,
    })),
  );
});

describe("whatever is asked", () => {
  it.each<Role>(["admin", "finance", "reader"])(
    "as %s, the server answers with what it says it would, and fails of nothing",
    async (role) => {
      for (const each of described) {
        await fc.assert(
          fc.asyncProperty(requestOf(each), async (request) => {
            const answer = await made.ask(role, request.url, request);

            expect(answer.statusCode, answer.body).toBeLessThan(500);
            if (answer.statusCode >= 400) expect(Object.keys(PROBLEMS)).toContain(answer.json().code);
            if (role === "reader" && answer.statusCode < 400) expect(answer.body).not.toMatch(/zebra|striped/);
          }),
          { numRuns: runs(25) },
        );
      }
    },
  );
});
