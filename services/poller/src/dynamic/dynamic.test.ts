import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { NONE, readDefinitions } from "@raingauge/definitions";
import { at, CLOUD, declareMeters, type Instant, type Sample } from "@raingauge/domain";
import { type Play, type Recording, recordedCloud, recording } from "@raingauge/harness";
import { cloudSession, outsider } from "@raingauge/openstack";
import { type Log, silentLog } from "@raingauge/runtime";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { centralMetrics } from "../central/metrics.ts";
import { askedFor } from "./asked-for.ts";
import { asking } from "./askers.ts";
import { roundSurveyor } from "./round-surveyor.ts";

const outside = createServer((request, response) => {
  heard.push(request);
  response.end(OUTSIDE[request.url?.split("?", 1)[0] ?? ""] ?? "");
});
const heard: IncomingMessage[] = [];
const OUTSIDE: Readonly<Record<string, string>> = {
  "/usage.xml": `<?xml version="1.0"?><report at="1"><users><user name="acme"><ops>5</ops></user><user name="globex"><ops>7</ops></user></users></report>`,
  "/usage.json": `{"users": [{"user": "acme$acme", "ops": 9007199254740993}]}`,
  "/pages": `{"users": [{"user": "a"}], "next": "http://elsewhere.example/other?page=2"}`,
  "/other": `{"users": [{"user": "b"}], "next": null}`,
};

await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
const OUT = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;

const basic = (path: string): string =>
  `url_path: ${OUT}${path}, module: requests.auth, authentication_object: HTTPBasicAuth, authentication_parameters: "watcher, s3cret"`;

/** All that is defined, by name: an answer's readings need their meters. */
const TEXTS = {
  servers: `
- name: dynamic.server
  sample_type: gauge
  unit: server
  value_attribute: status
  endpoint_type: compute
  url_path: /v2.1/servers/detail?all_tenants=true
  headers: {Openstack-API-Version: compute 2.65}
  project_id_attribute: tenant_id
  next_sample_url_attribute: "servers_links | filter(lambda v: v.get('rel') == 'next', value) | list(value) | value[0] | value.get('href')"
  value_mapping: {ACTIVE: "1"}
  default_value: 0
  metadata_fields: [name]
  extra_metadata_fields:
    - {name: project_name, endpoint_type: identity, url_path: "'/v3/projects/' + sample['project_id']", value: name}
- name: dynamic.server.ram
  sample_type: gauge
  unit: MB
  value_attribute: flavor.ram
  endpoint_type: compute
  url_path: /v2.1/servers/detail?all_tenants=true
  headers: {Openstack-API-Version: compute 2.65}
  project_id_attribute: tenant_id
  next_sample_url_attribute: "servers_links | filter(lambda v: v.get('rel') == 'next', value) | list(value) | value[0] | value.get('href')"`,
  kinds: `
- {name: dynamic.sent, sample_type: delta, unit: B, value_attribute: sent, endpoint_type: network, url_path: v2.0/things}
- {name: dynamic.total, sample_type: cumulative, unit: B, value_attribute: total, endpoint_type: network, url_path: v2.0/things}`,
  volumes: `
- {name: dynamic.volume, sample_type: gauge, unit: GB, value_attribute: size, endpoint_type: volumev3, url_path: types}`,
  xml: `
- {name: dynamic.xml, sample_type: gauge, unit: op, value_attribute: "ops | int(value)", resource_id_attribute: "@name", project_id_attribute: "@name", response_entries_key: report.users.user, response_handlers: [json, xml], ${basic("/usage.xml")}}`,
  s3: `
- {name: dynamic.s3, sample_type: gauge, unit: op, value_attribute: ops, resource_id_attribute: "user | value.split('$')[0]", project_id_attribute: "user | value.split('$')[0]", url_path: "${OUT}/usage.json", module: awsauth, authentication_object: S3Auth, barbican_secret_id: s-1}`,
  pages: `
- {name: dynamic.pages, sample_type: gauge, unit: user, value_attribute: ". | 1 if value else 0", resource_id_attribute: user, next_sample_url_attribute: next, ${basic("/pages")}}`,
  command: `
- {name: dynamic.command, sample_type: gauge, unit: line, value_attribute: "out | len(value.splitlines())", resource_id_attribute: ". | 'here' if value else ''", host_command: "printf 'a\\\\nb\\\\n'; echo lost >&2", response_handlers: [text]}`,
  failing: `
- {name: dynamic.failing, sample_type: gauge, unit: line, value_attribute: out, host_command: "echo s3cret; exit 3", response_handlers: [text]}`,
  late: `
- {name: dynamic.late, sample_type: gauge, unit: line, value_attribute: out, host_command: "sleep 30", timeout: 0.2, response_handlers: [text]}`,
} as const;

const { definitions, problems } = readDefinitions(Object.entries(TEXTS).map(([name, text]) => ({ name, text })));
const NOW = at(Date.parse("2026-11-23T00:44:20.500Z"));

beforeAll(() => {
  expect(problems).toEqual([]);
  declareMeters(definitions.own);
  return () => new Promise((resolve) => outside.close(resolve));
});

/** What one of the texts comes to against a cloud that plays, once or several times. */
async function polled(
  text: keyof typeof TEXTS,
  plays: Readonly<Record<string, Play>> = {},
  polls: readonly Instant[] = [NOW],
) {
  const cloud = await recordedCloud(plays);
  const signal = new AbortController().signal;
  const manners = { timeoutSeconds: 10, endpointRequestsMax: 4, attemptsMax: 1, signal };
  const identity = { kind: "application_credential", credential: { id: "c0ffee" }, secret: () => "hunter2" } as const;
  const session = cloudSession(
    { authUrl: cloud.authUrl, interface: "public", verify: true, identity },
    { ...manners, now: () => NOW },
  );
  const others = outsider(manners);
  onTestFinished(async () => {
    await others[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });
  const pollsters = definitions.pollsters.filter(({ file }) => file === text);
  const [round] = askedFor({ ...NONE, pollsters }, 300).rounds;
  if (round === undefined) throw new Error("nothing to ask");
  const samples: Sample[] = [];
  const told: string[] = [];
  const metrics = centralMetrics();
  const tell = (message: string, fields?: object): number =>
    told.push(`${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value))}`);
  const log: Log = { ...silentLog, warn: tell, error: tell };
  let now = NOW;
  const surveyor = roundSurveyor(round, {
    ...{ region: "one", agent: "central", log, metrics, now: () => now },
    ask: asking({ session, outsider: others, runs: { signal } }),
    post: async (batch) => {
      samples.push(...batch.samples);
      return true;
    },
  });
  for (const each of polls) {
    now = each;
    await surveyor.once();
  }
  return { samples, told, metrics, cloud, source: surveyor.source };
}

const says = (samples: readonly Sample[]): string[] =>
  samples.map(({ meter, value, resource, project, stance, dimensions }) =>
    [meter, String(value), resource, project, stance, JSON.stringify(dimensions)].join(" "),
  );

const ok = (body: object): Recording => ({ status: 200, response_headers: [], body: body as Recording["body"] });

const server = (id: string, tenant_id: string | undefined, more: object = {}) => ({
  ...{ id, tenant_id, name: `name of ${id}`, status: "ACTIVE", flavor: { ram: 512 }, ...more },
});

/** Two pages, whose link leads to where nobody is. */
const SERVERS: Play = ({ query }) =>
  query["marker"] === undefined
    ? ok({
        servers: [
          server("s-1", "acme"),
          server("s-2", "acme", { status: "ERROR" }),
          "no server",
          server("s-3", undefined),
        ],
        servers_links: [
          { rel: "next", href: "http://nobody.invalid:8774/v2.1/servers/detail?all_tenants=true&marker=s-3" },
        ],
      })
    : ok({ servers: [server("s-4", "globex", { flavor: {} })], servers_links: [{ rel: "prev", href: "/" }] });

/** The recorded token, with a Barbican in its catalog. */
const withBarbican: Play = () => {
  const whole = recording("keystone.tokens.post.admin");
  const text = JSON.stringify(whole.body).replace(
    '"catalog":[',
    '"catalog":[{"type":"key-manager","endpoints":[{"interface":"public","region":"RegionOne","url":"http://127.0.0.1:9311"}]},',
  );
  return { ...whole, body: JSON.parse(text) };
};

const PROJECT: Play = ({ path }) => ok({ project: { name: `the ${path.split("/").at(-1)}` } });

describe("a dynamic pollster", () => {
  it("reads every page of a list, asks once for all meters of it, and once for what is the same of many", async () => {
    const { samples, cloud, metrics, told } = await polled(
      "servers",
      {
        "GET /8774/v2.1/servers/detail": SERVERS,
        "GET /5000/v3/projects/acme": PROJECT,
        "GET /5000/v3/projects/globex": PROJECT,
      },
      [NOW, at(NOW + 60_000)],
    );

    const first = samples.filter(({ at: when }) => when === at(NOW - 500));
    expect(says(first).toSorted()).toEqual([
      'dynamic.server 0 s-2 acme states {"project_name":"the acme","name":"name of s-2"}',
      `dynamic.server 1 s-1 acme states {"project_name":"the acme","name":"name of s-1"}`,
      // Its project is asked for in vain: it is there, and what it is stays what was said of it last.
      `dynamic.server 1 s-3 ${CLOUD} sights {}`,
      'dynamic.server 1 s-4 globex states {"project_name":"the globex","name":"name of s-4"}',
      `dynamic.server.ram 536870912 s-1 acme states {}`,
      `dynamic.server.ram 536870912 s-2 acme states {}`,
      `dynamic.server.ram 536870912 s-3 ${CLOUD} states {}`,
    ]);
    const asked = cloud.asked
      .filter(({ method }) => method === "GET")
      .map(({ path, query }) => path + (query["marker"] ?? ""));
    expect(asked.toSorted()).toEqual([
      "/5000/v3/projects/acme",
      "/5000/v3/projects/globex",
      ...Array(2).fill("/8774/v2.1/servers/detail"),
      ...Array(2).fill("/8774/v2.1/servers/details-3"),
    ]);
    expect(cloud.asked.find(({ path }) => path.includes("servers"))?.headers["openstack-api-version"]).toBe(
      "compute 2.65",
    );
    expect(samples.length).toBe(2 * first.length);
    // Each time: no object (for either meter), a further answer, and a missing amount of memory.
    expect(await metrics.text()).toContain('poller_survey_entries_dropped_total{source="dynamic.server.pollster"} 8');
    expect(told.join("\n")).toContain("there is no “flavor.ram”");
  });

  it("leaves what a meter is as it was while a further question is not answered", async () => {
    const { samples } = await polled("servers", {
      "GET /8774/v2.1/servers/detail": () => ok({ servers: [server("s-1", "acme")] }),
      "GET /5000/v3/projects/acme": () => ({ status: 503, response_headers: [], body: {} }),
    });

    expect(says(samples)).toEqual([
      "dynamic.server 1 s-1 acme sights {}",
      "dynamic.server.ram 536870912 s-1 acme states {}",
    ]);
  });

  it("adds up differences of one resource, and takes a counter from a baseline", async () => {
    const thing = (sent: number) => ({ id: "t-1", project_id: "acme", sent, total: 7 });
    const { samples } = await polled("kinds", {
      "GET /9696/v2.0/things": () => ok({ things: [thing(5), thing(5)] }),
    });

    expect(says(samples)).toEqual([
      "dynamic.total 7 t-1 acme sights {}",
      "dynamic.total 7 t-1 acme sights {}",
      "dynamic.sent 10 t-1 acme states {}",
    ]);
    expect(samples.map(({ incarnation }) => incarnation?.witnessed)).toEqual([false, false, undefined]);
  });

  it("is joined to its service's address, whatever the catalog calls the service", async () => {
    const { samples } = await polled("volumes", {
      "GET /8776/v3/ed67957e32384123ab166d55f1c4cdbb/types": () =>
        ok({ types: [{ id: "v", project_id: "acme", size: 2 }] }),
    });

    expect(says(samples)).toEqual(["dynamic.volume 2147483648 v acme states {}"]);
  });

  it.each<[string, Recording | "cut", string]>([
    ["that is not there", { status: 404, response_headers: [], body: {} }, "not_found"],
    ["that breaks off", "cut", "unreachable"],
    ["of another kind", ok([] as object), "finished"],
    ["that is not as it was said to be", ok({ types: 7 }), "finished"],
  ])("is counted for an answer %s, and ends nothing else", async (_, answer, reason) => {
    const { samples, metrics } = await polled("volumes", {
      "GET /8776/v3/ed67957e32384123ab166d55f1c4cdbb/types": () => answer,
    });

    expect(samples).toEqual([]);
    expect(await metrics.text()).toContain(
      reason === "finished"
        ? 'poller_surveys_finished_total{source="dynamic.volume.pollster"} 1'
        : `poller_surveys_failed_total{source="dynamic.volume.pollster",reason="${reason}"} 1`,
    );
  });

  it("does not go in circles", async () => {
    const again: Play = () =>
      ok({ servers: [], servers_links: [{ rel: "next", href: "/v2.1/servers/detail?all_tenants=true" }] });
    const { told, metrics } = await polled("servers", { "GET /8774/v2.1/servers/detail": again });

    expect(told.join()).toContain("its pages go in circles");
    expect(await metrics.text()).toContain('reason="unreadable"');
  });
});

describe("a pollster of an API that is none of the cloud's", () => {
  it("shows who it is, reads XML as Ceilometer does, and says the secret to nobody else", async () => {
    heard.length = 0;
    const { samples, told } = await polled("xml");

    expect(says(samples)).toEqual(["dynamic.xml 5 acme acme states {}", "dynamic.xml 7 globex globex states {}"]);
    expect(heard.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from("watcher:s3cret").toString("base64")}`,
    ]);
    expect(told).toEqual([]);
  });

  it("signs as S3 wants it, with what Barbican keeps, and counts numbers that no float holds", async () => {
    heard.length = 0;
    const { samples, cloud } = await polled("s3", {
      "POST /5000/v3/auth/tokens": withBarbican,
      "GET /9311/v1/secrets/s-1/payload": () => ({ ...ok({}), text: "key, s3cret, host" }),
    });

    expect(says(samples)).toEqual(["dynamic.s3 9007199254740993 acme acme states {}"]);
    expect(heard[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=key\//);
    expect(cloud.asked.at(-1)?.headers["accept"]).toBe("text/plain");
  });

  it("follows a link no further than the host that it asked first", async () => {
    heard.length = 0;
    const { samples } = await polled("pages");

    expect(says(samples)).toEqual([`dynamic.pages 1 a ${CLOUD} states {}`, `dynamic.pages 1 b ${CLOUD} states {}`]);
    expect(heard.map(({ url }) => url)).toEqual(["/pages", "/other?page=2"]);
  });
});

describe("a pollster of a command", () => {
  it("reads what it writes", async () => {
    const { samples } = await polled("command");

    expect(says(samples)).toEqual([`dynamic.command 2 here ${CLOUD} states {}`]);
  });

  it.each([
    ["failing", "command_failed"],
    ["late", "command_late"],
  ] as const)("that is %s is counted, and what it said is not told", async (text, reason) => {
    const { samples, metrics, told } = await polled(text);

    expect(samples).toEqual([]);
    expect(await metrics.text()).toContain(`reason="${reason}"`);
    expect(told.join()).not.toContain("s3cret");
  });
});
