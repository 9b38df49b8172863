import type { Role } from "@raingauge/ledger";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import type { InjectOptions } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Api, api } from "./fixtures/api.ts";
import { busyCloud, lived, march } from "./fixtures/cloud.ts";
import { describedParameters, recordedArguments, recordedMembers } from "./fixtures/face-arguments.ts";
import { PROBLEMS } from "./problems.ts";
import type { KnownRoute } from "./routes-known.ts";

/**
 * Requests made from the OpenAPI document: each parameter sometimes as its schema has it, sometimes near that, sometimes
 * anything at all; and to the faces that it does not describe, with the arguments that their clients have. Whatever comes, the
 * server answers as it says it does, and a reader hears nothing of another's project.
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

const FACES = ["/rating/", "/prometheus/"];
const FACE_WORDS = [
  ...["project_id,type", "project_id:zebra", "tenant_id:acme", "True", "2026-03-01T00:00:00", "2026-03-02T00:00:00"],
  ...["hashmap", "instance", "rate", "flat", "1.5", 'count({__name__=~".+"})', "raingauge_cost", "5m", "3600", "ROUND"],
];
const faceText = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...FACE_WORDS) }, { weight: 1, arbitrary: text });

const someOf = <T>(names: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<[string, T][]> =>
  fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });

const askedOfFace = ({ method, url }: KnownRoute): fc.Arbitrary<InjectOptions & { url: string }> => {
  const names = url.startsWith("/prometheus/") ? describedParameters() : recordedArguments();
  const body = fc.oneof(
    someOf(recordedMembers(), fc.oneof(faceText, fc.jsonValue())).map((members) => Object.fromEntries(members)),
    fc.jsonValue(),
  );
  return fc
    .tuple(fc.array(faceText, { minLength: 6, maxLength: 6 }), someOf(names, faceText), body)
    .map(([places, query, sent]) => {
      let next = 0;
      const path = url.replace(/:\w+|\*/g, () => encodeURIComponent(places[next++] ?? ""));
      const search = new URLSearchParams(query).toString();
      const payload = method === "GET" ? {} : { payload: JSON.stringify(sent), headers: JSON_BODY };
      return { method: method as "GET", url: `${path}?${search}`, ...payload };
    });
};

const JSON_BODY = { "content-type": "application/json" };

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

  it.each<Role>(["admin", "reader"])("as %s of CloudKitty's or Prometheus' face, it fails of nothing", async (role) => {
    const routes = made.app.routesKnown.filter(
      ({ url, method }) => FACES.some((face) => url.startsWith(face)) && !url.endsWith("/") && isAsked(method),
    );
    expect(routes.length).toBeGreaterThan(80);
    for (const route of routes)
      await fc.assert(
        fc.asyncProperty(askedOfFace(route), async (request) => {
          const answer = await made.ask(role, request.url, request);

          if (!OWN_FAULTS.test(answer.body))
            expect(answer.statusCode, `${request.method} ${request.url} ${answer.body}`).toBeLessThan(500);
          // What it is asked it may say again.
          const isNamed = /zebra|striped/.test(`${request.url} ${String(request.payload)}`);
          if (role === "reader" && answer.statusCode < 400 && !isNamed)
            expect(answer.body).not.toMatch(/zebra|striped/);
        }),
        { numRuns: runs(4) },
      );
  });
});

/** CloudKitty says so with a 500, and its clients know it by that. */
const OWN_FAULTS = /"faultcode":"Server","faultstring":"You must specify either/;

const isAsked = (method: string): boolean => method !== "HEAD" && method !== "OPTIONS";
