import { readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Example } from "./examples.ts";
import { conversation, type Said } from "./fixtures/conversation.ts";

// Invoices pin it and their hashes cover it, and each release of Node brings its own.
vi.mock("./tz-version.ts", () => ({ tzVersion: () => "2026c" }));

const FILE = new URL("examples.json", import.meta.url);

/** Of a page or a table only the beginning is shown. */
const TEXT_SHOWN_MAX = 300;

const Media = z.object({ schema: z.record(z.string(), z.unknown()).optional(), example: z.unknown().optional() });
const Operation = z.object({
  requestBody: z.object({ content: z.record(z.string(), Media) }).optional(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), Media).optional() })),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

let said: readonly Said[];
let operations: readonly (readonly [string, z.output<typeof Operation>])[];

beforeAll(async () => {
  const talk = await conversation();
  said = talk.said;
  const { paths } = Document.parse((await talk.made.ask(undefined, "/openapi.json")).json());
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
});

/** The last that was said of a route, but for what is a secret or differs each time. */
function exampleOf({ url, body, type = "application/json", answer }: Said): Example {
  const [answerType = ""] = String(answer.headers["content-type"]).split(";");
  const text = answer.body
    .replace(/rg_[0-9A-Za-z_-]{20,}/g, "rg_…")
    .replace(/"rejectedAt":"[^"]*"/g, `"rejectedAt":"2026-04-02T06:00:00Z"`);
  const isJson = answerType.endsWith("json");
  return {
    url,
    ...(body === undefined ? {} : { request: { type, body } }),
    answer: {
      status: answer.statusCode,
      type: answerType,
      body: isJson ? JSON.parse(text) : text.length > TEXT_SHOWN_MAX ? `${text.slice(0, TEXT_SHOWN_MAX)}…` : text,
    },
  };
}

describe("the examples of the API's document", () => {
  it("are what each route answers now (UPDATE=1 writes them)", () => {
    const told = `${JSON.stringify(Object.fromEntries(said.map((each) => [each.route, exampleOf(each)])), undefined, 1)}\n`;
    if (process.env["UPDATE"] === "1") writeFileSync(FILE, told);

    expect(
      said.filter(({ answer }) => answer.statusCode >= 300).map(({ route, answer }) => [route, answer.body]),
    ).toEqual([]);
    expect(JSON.parse(readFileSync(FILE, "utf8"))).toEqual(JSON.parse(told));
  });

  it("are there for every route", () => {
    const known = new Set(said.map(({ route }) => route));

    expect(operations.map(([route]) => route).filter((route) => !known.has(route))).toEqual([]);
  });

  it("are as the schemas beside them say, what is sent and what comes back", () => {
    const ajv = new Ajv2020({ strict: false });
    let checked = 0;
    for (const [route, { requestBody, responses }] of operations) {
      const medias = [requestBody, ...Object.values(responses)].flatMap((part) => Object.entries(part?.content ?? {}));
      for (const [type, { schema, example }] of medias) {
        if (example === undefined || schema === undefined) continue;
        checked += 1;
        expect(ajv.validate(schema, example), `${route} ${type}: ${ajv.errorsText()}`).toBe(true);
      }
    }
    expect(checked).toBeGreaterThan(50);
  });
});
