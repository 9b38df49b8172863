import type { Role } from "@raingauge/ledger";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Api } from "./fixtures/api.ts";
import { closedCloud, FOREIGN, FOREIGN_INVOICE, FOREIGN_NAMES, OWN_INVOICE } from "./fixtures/both-clouds.ts";
import { watched } from "./fixtures/watched.ts";

/**
 * Every operation of the OpenAPI document is tried as every role, so a new route is tried without anybody thinking of it.
 * The reader is of project acme. Beside it lives a project that nothing may betray: the same requests are put to a cloud
 * that never had it, and every answer must be the same, to the byte.
 */
const ROLES: readonly (Role | undefined)[] = ["admin", "finance", "reader", undefined];

const Operation = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(["path", "query", "header"]), required: z.boolean().optional() }))
    .default([]),
  security: z.array(z.unknown()),
  "x-roles": z.array(z.enum(["admin", "finance", "reader"])).optional(),
});
type Operation = z.output<typeof Operation>;

const Document = z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), Operation)) });

interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly operation: Operation;
}

async function routesOf({ ask }: Api): Promise<Route[]> {
  const { paths } = Document.parse((await ask(undefined, "/openapi.json")).json());
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      operation,
      method: z.enum(["GET", "POST", "PUT", "DELETE"]).parse(method.toUpperCase()),
    })),
  );
}

/** Parts of the server that are described elsewhere than in our OpenAPI document. */
const FACES = ["/rating/", "/prometheus/"];

interface Target {
  readonly project: string;
  readonly resource: string;
  readonly invoice: string;
  readonly message: string;
}

const THE_FOREIGN: Target = { project: FOREIGN, resource: "striped-vm", invoice: FOREIGN_INVOICE, message: "1" };
const NOBODY: Target = { project: "nobody", resource: "nothing-vm", invoice: "RG-000777", message: "777" };
const OUR_OWN: Target = { project: "acme", resource: "vm-1", invoice: OWN_INVOICE, message: "1" };

/** What each parameter says when a target is asked about; a parameter that is not here is a route nobody has thought about. */
const valuesOf = ({ project, resource, invoice, message }: Target): Readonly<Record<string, string | undefined>> => ({
  number: invoice,
  format: "lines",
  form: "html",
  dataset: "cost-and-usage",
  version: "1.4",
  encoding: "csv",
  account: project,
  credit: "deposit",
  position: "1",
  sequence: message,
  project,
  resource,
  period: "2026-03",
  meter: "instance",
  region: "north",
  type: "instance",
  name: "nobody's",
  asOf: "2027-01-01T00:00:00Z",
  group: "project,domain,account,resource,tag.name,dimension.flavor",
  validFrom: "2030-01-01T00:00:00Z",
  retroactive: undefined,
  months: "2",
  search: resource,
  bucket: "day",
  zone: "Asia/Tokyo",
  sort: undefined,
  state: undefined,
  id: "nobody's",
  limit: undefined,
  cursor: undefined,
  offset: undefined,
  usages: undefined,
  readings: undefined,
});

/** Every combination of the optional parameters, asked about one target. */
function requestsFor({ method, path, operation }: Route, target: Target): (InjectOptions & { readonly url: string })[] {
  const values = valuesOf(target);
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  const query = operation.parameters.filter(
    (parameter) => parameter.in === "query" && values[parameter.name] !== undefined,
  );
  const always = query.filter(({ required }) => required === true);
  const optional = query.filter(({ required }) => required !== true);
  return subsets(optional).map((chosen) => {
    const search = new URLSearchParams(
      [...always, ...chosen].map(({ name }): [string, string] => [name, values[name] ?? ""]),
    ).toString();
    return { method, url: search === "" ? url : `${url}?${search}`, ...bodyOf(path) };
  });
}

/** None, each by itself, each two, and all: every combination of a dozen would be thousands of requests. */
const subsets = <T>(items: readonly T[]): T[][] => [
  [],
  ...items.map((item) => [item]),
  ...items.flatMap((item, index) => items.slice(index + 1).map((other) => [item, other])),
  ...(items.length > 2 ? [[...items]] : []),
];

const bodyOf = (path: string): Pick<InjectOptions, "payload" | "headers"> => {
  if (path === "/v1/adjustments") return { payload: { period: "2026-03", numbers: [] } };
  if (/\/(void|write-off|payments)$/.test(path)) return { payload: {} };
  if (path === "/v1/closings") return { payload: { period: "2026-03" } };
  if (path === "/v1/budgets")
    return { payload: { name: "another", projects: ["acme"], amount: "1", thresholds: [{ percent: "80" }] } };
  if (path === "/v1/tokens") return { payload: { name: "another", role: "reader" } };
  if (path.startsWith("/v1/price-books"))
    return { payload: "no book", headers: { "content-type": "application/yaml" } };
  return {};
};

const said = ({ statusCode, body, headers }: LightMyRequestResponse) => ({
  statusCode,
  body,
  etag: headers.etag,
  length: headers["content-length"],
});

let both: Api;
let alone: Api;
let routes: readonly Route[];

beforeAll(async () => {
  both = await closedCloud(true);
  alone = await closedCloud(false);
  routes = (await routesOf(both)).filter(({ operation }) => operation["x-roles"] !== undefined);
});

const asked = (where: Api, who: Role | undefined, request: InjectOptions & { readonly url: string }) =>
  where.ask(who, request.url, request);

describe("every route of the OpenAPI document", () => {
  it("is described in OpenAPI 3.1 with a name for each of its parameters that is tried here", () => {
    const asking = routes.flatMap(({ operation }) =>
      operation.parameters.filter(({ in: where }) => where !== "header"),
    );
    const names = new Set(asking.map(({ name }) => name));

    expect(routes.length).toBeGreaterThanOrEqual(18);
    expect([...names].filter((name) => !(name in valuesOf(NOBODY)))).toEqual([]);
  });

  it("stands in it, or in a face of the API that is tried by itself", () => {
    const documented = new Set(routes.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`));
    const elsewhere = both.app.routesKnown
      .filter(({ admits, method }) => admits !== "public" && method !== "HEAD" && method !== "OPTIONS")
      .filter(({ method, url }) => !documented.has(`${method} ${url}`));

    expect(elsewhere.filter(({ url }) => !FACES.some((face) => url.startsWith(face)))).toEqual([]);
  });

  it("answers 401 to nobody, whatever is asked for", async () => {
    for (const route of routes) {
      const answers = await Promise.all(
        [THE_FOREIGN, NOBODY]
          .flatMap((target) => requestsFor(route, target))
          .map((request) => asked(both, undefined, request)),
      );

      expect([...new Set(answers.map(({ statusCode }) => statusCode))], route.path).toEqual([401]);
      expect(new Set(answers.map(({ body }) => body)).size, route.path).toBe(1);
    }
  });

  it("answers 403 to a role that it does not admit, alike for what is there and what is not", async () => {
    for (const route of routes) {
      for (const role of ROLES.filter(
        (each) => each !== undefined && route.operation["x-roles"]?.includes(each) === false,
      )) {
        const answers = await Promise.all(
          [THE_FOREIGN, NOBODY, OUR_OWN]
            .flatMap((target) => requestsFor(route, target))
            .map((request) => asked(both, role, request)),
        );

        expect([...new Set(answers.map(({ statusCode }) => statusCode))], `${role} ${route.path}`).toEqual([403]);
        expect(new Set(answers.map(({ body }) => body)).size, route.path).toBe(1);
      }
    }
  });

  it("tells a reader nothing of a foreign project: not in a body, not in a count, not by its name", async () => {
    for (const route of readable()) {
      for (const request of requestsFor(route, THE_FOREIGN)) {
        const answer = await asked(both, "reader", request);

        expect(answer.body, request.url).not.toMatch(FOREIGN_NAMES);
        expect(said(answer), request.url).toEqual(said(await asked(alone, "reader", request)));
      }
    }
  });

  it("answers a reader who asks for a foreign thing as if it were not there, and does as much for it", async () => {
    const steps = watched(both);
    for (const route of readable()) {
      const there = requestsFor(route, THE_FOREIGN);
      const nowhere = requestsFor(route, NOBODY);
      for (const [index, request] of there.entries()) {
        const other = nowhere[index];
        if (other === undefined) throw new Error("both targets have the same requests");
        const foreign = await steps(() => asked(both, "reader", request), THE_FOREIGN);
        const missing = await steps(() => asked(both, "reader", other), NOBODY);

        expect(said(foreign.answer), request.url).toEqual(said(missing.answer));
        expect(foreign.steps, request.url).toEqual(missing.steps);
        expect(foreign.steps.length, request.url).toBeGreaterThan(0);
      }
    }
  });

  it("shows a reader its own project the same, whoever else is there", async () => {
    for (const route of readable()) {
      for (const request of requestsFor(route, OUR_OWN)) {
        const answer = await asked(both, "reader", request);

        expect(answer.statusCode, request.url).toBe(200);
        expect(said(answer), request.url).toEqual(said(await asked(alone, "reader", request)));
      }
    }
  });

  it("shows finance and admins every project, so that the silence above is not emptiness", async () => {
    for (const role of ["admin", "finance"] as const) {
      for (const url of [
        `/v1/usage?period=2026-03&project=${FOREIGN}`,
        `/v1/invoices/${FOREIGN_INVOICE}`,
        `/v1/costs?period=2026-03`,
        "/invoices",
        `/v1/invoices/${FOREIGN_INVOICE}/lines/1/why`,
        "/v1/events?period=2026-03",
      ]) {
        expect((await both.ask(role, url)).body, url).toMatch(FOREIGN_NAMES);
      }
    }
  });

  it("shows a reader without projects nothing at all", async () => {
    const nobody = await both.ledger.grant({ name: "nobody", role: "reader", projects: [] });
    for (const url of [
      "/v1/usage?period=2026-03",
      "/v1/invoices",
      "/v1/costs?period=2026-03",
      "/v1/projects?period=2026-03",
      "/v1/resources?period=2026-03",
      "/v1/samples?period=2026-03&meter=instance",
      "/v1/events?period=2026-03",
    ]) {
      expect((await both.app.inject({ url, headers: { "x-auth-token": nobody } })).json(), url).toEqual({ items: [] });
    }
  });

  /** What changes nothing: the two clouds stay comparable. */
  const readable = () =>
    routes.filter(({ method, operation }) => method === "GET" && operation["x-roles"]?.includes("reader") === true);
});
