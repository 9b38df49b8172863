import type { Role } from "@raingauge/ledger";
import type { LightMyRequestResponse } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import type { Api } from "./fixtures/api.ts";
import { closedCloud, FOREIGN, FOREIGN_NAMES } from "./fixtures/both-clouds.ts";
import { describedParameters, recordedArguments } from "./fixtures/face-arguments.ts";
import { watched } from "./fixtures/watched.ts";
import type { KnownRoute } from "./routes-known.ts";

/**
 * The faces of the API that are described elsewhere than in our OpenAPI document. Every route that the server registers for
 * them is tried as every role. What can be asked is not made up here: for CloudKitty's face it is every argument that its
 * clients were recorded to send, for Prometheus' every parameter of its schemas.
 */
const FACES = ["/rating/", "/prometheus/"];
const ROLES: readonly Role[] = ["admin", "finance", "reader"];

/** What each argument says when a project is asked about. One that is not here is an argument that nobody has thought about. */
const values = (project: string): Readonly<Record<string, readonly string[]>> => ({
  tenant_id: [project],
  project_id: [project],
  scope_id: [project],
  scope_ids: [project],
  filters: [`project_id:${project}`, `tenant_id:${project}`, "type:instance"],
  groupby: ["project_id,type", "tenant_id,res_type", "id,time"],
  all_tenants: ["True"],
  filter_tenant: ["True"],
  begin: ["2026-03-01T00:00:00"],
  end: ["2026-03-02T00:00:00"],
  response_format: ["object"],
  limit: ["1"],
  order: ["DESC"],
  name: ["hashmap"],
  module_id: ["hashmap"],
  collector: ["gnocchi"],
  ...Object.fromEntries(["all", "deleted", "is_active", "no_data"].map((flag) => [flag, ["true"]])),
  ...Object.fromEntries(["field_id", "group_id", "mapping_id", "service_id"].map((id) => [id, ["nothing"]])),
  zzz: ["1"],
  query: [`count({__name__=~".+"})`, `{project="${project}"}`, "sum by (project) (ceilometer_instance)"],
  "match[]": [`{project="${project}"}`, `{__name__=~".+"}`],
  time: ["2026-03-15T00:00:00Z"],
  start: ["2026-03-15T00:00:00Z"],
  step: ["3600"],
  timeout: ["10s"],
  lookback_delta: ["5m"],
});

const namesFor = (route: KnownRoute): string[] => (isPrometheus(route) ? describedParameters() : recordedArguments());

/** None, each value of each argument, and those that only together ask for somebody's day. */
function queriesFor(route: KnownRoute, project: string): string[] {
  const told = values(project);
  const one = namesFor(route).flatMap((name) => (told[name] ?? []).map((value) => ({ [name]: value })));
  const day = { begin: "2026-03-01T00:00:00", end: "2026-03-02T00:00:00" };
  const hour = {
    start: "2026-03-15T00:00:00Z",
    end: "2026-03-15T01:00:00Z",
    time: "2026-03-15T00:00:00Z",
    step: "3600",
  };
  const around = isPrometheus(route) ? hour : day;
  return [{}, ...one, ...one.map((each) => ({ ...around, ...each }))].map((each) =>
    new URLSearchParams(each).toString(),
  );
}

const isPrometheus = ({ url }: KnownRoute): boolean => url.startsWith("/prometheus/");

const pathOf = ({ url }: KnownRoute, project: string): string => url.replace(/:\w+|\*/g, project);

let both: Api;
let alone: Api;
let routes: readonly KnownRoute[];

beforeAll(async () => {
  both = await closedCloud(true);
  alone = await closedCloud(false);
  routes = both.app.routesKnown.filter(
    ({ url, method, admits }) =>
      FACES.some((face) => url.startsWith(face)) && admits !== "public" && method !== "HEAD" && method !== "OPTIONS",
  );
});

const asked = (where: Api, who: Role | undefined, { method }: KnownRoute, path: string) =>
  where.ask(
    who,
    path,
    method === "GET"
      ? {}
      : { method: method as "POST", payload: "{}", headers: { "content-type": "application/json" } },
  );

const said = ({ statusCode, body, headers }: LightMyRequestResponse) => ({
  statusCode,
  body,
  etag: headers.etag,
  length: headers["content-length"],
});

describe("every route of the API's other faces", () => {
  it("has a value here for each argument that can be asked", () => {
    expect([...recordedArguments(), ...describedParameters()].filter((name) => !(name in values("x")))).toEqual([]);
    expect(routes.length).toBeGreaterThan(100);
  });

  it("answers 401 to nobody, whatever is asked and however", async () => {
    for (const route of routes)
      for (const project of [FOREIGN, "nobody"]) {
        const answer = await asked(both, undefined, route, `${pathOf(route, project)}?tenant_id=${project}`);

        expect(answer.statusCode, `${route.method} ${route.url}`).toBe(401);
        expect(answer.body).not.toMatch(FOREIGN_NAMES);
      }
  });

  it("answers 403 to a role that it does not admit, alike for what is there and what is not", async () => {
    for (const route of routes)
      for (const role of ROLES.filter((each) => !route.admits.includes(each as never))) {
        const answers = await Promise.all(
          [FOREIGN, "nobody", "acme"].map((project) => asked(both, role, route, pathOf(route, project))),
        );

        expect(
          [...new Set(answers.map(({ statusCode }) => statusCode))],
          `${role} ${route.method} ${route.url}`,
        ).toEqual([403]);
        expect(new Set(answers.map(({ body }) => body)).size, route.url).toBe(1);
      }
  });

  it("tells a reader nothing of a foreign project, and answers as if it were not there, with as much work", async () => {
    const steps = watched(both);
    for (const route of asking())
      for (const [index, query] of queriesFor(route, FOREIGN).entries()) {
        const path = `${pathOf(route, FOREIGN)}?${query}`;
        const nowhere = `${pathOf(route, "nobody")}?${queriesFor(route, "nobody")[index] ?? ""}`;

        const answer = await asked(both, "reader", route, path);

        expect(answer.statusCode < 500, path).toBe(true);
        expect(said(answer), path).toEqual(said(await asked(alone, "reader", route, path)));
        if (path === nowhere) continue;
        // What of an answer is remembered for the next question is remembered by now.
        const foreign = await steps(() => asked(both, "reader", route, path), { project: FOREIGN });
        const missing = await steps(() => asked(both, "reader", route, nowhere), { project: "nobody" });
        expect(foreign.steps, path).toEqual(missing.steps);
      }
  });

  /** With a slash at its end it is the same route. */
  const asking = () =>
    routes.filter(
      ({ method, url, admits }) => method === "GET" && !url.endsWith("/") && admits.includes("reader" as never),
    );
});
