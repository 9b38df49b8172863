import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, inPages, type RecordedCloud, recordedCloud, recording } from "@raingauge/harness";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Installed, typed } from "./command.ts";

/** Only ends what hangs. */
const LONG = { timeout: 90_000, interval: 200 };

/** As they lie in an operator's folders: what only Ceilometer needs too. */
const DEFINED: Readonly<Record<string, string>> = {
  "meters.d/licences.yaml": `
metric:
  - name: licence.seats
    event_type: ['licence.*']
    type: gauge
    unit: seat
    volume: $.payload.seats
    resource_id: $.payload.licence_id
    project_id: $.payload.tenant_id
    metadata: {product: $.payload.product}
    raingauge: {ends_on: licence.revoked}`,
  "pollsters.d/mail.yaml": `
- name: dynamic.mail.sent
  sample_type: delta
  unit: message
  value_attribute: "sent | int(value)"
  endpoint_type: network
  url_path: v2.0/mails
  project_id_attribute: "owner | value.split('$')[0]"
  metadata_fields: [kind]`,
  "polling.yaml":
    "sources: [{name: mine, interval: 3600, meters: [dynamic.*, ip.floating], resources: ['snmp://switch']}]",
  "pipeline.yaml":
    "sources: [{name: all, meters: ['*'], sinks: [store]}]\nsinks: [{name: store, publishers: ['gnocchi://']}]",
  "gnocchi_resources.yaml": "archive_policy_default: low\narchive_policies: []\nresources: []",
};

const PRICES = `
name: standard
version: "1"
currency: EUR
month: calendar
prices:
  - {sku: seats, description: Seats, meter: licence.seats, where: {product: db}, per: seat hour, amount: 0.5}
  - {sku: mails, description: Mails, meter: dynamic.mail.sent, where: {kind: news}, per: message, amount: 0.01}
free: ['ip.floating']
`;

/** A licence of five seats, for two hours and a half of the tenth of last month. */
const [YEAR, MONTH] = lastMonth();
const licence = (type: string, time: string): string => {
  const at = `${YEAR}-${MONTH}-10 ${time}`;
  const payload = { licence_id: "l-1", tenant_id: "acme", product: "db", seats: 5 };
  const message = {
    message_id: `m-${time}`,
    publisher_id: "licences.one",
    event_type: type,
    priority: "INFO",
    timestamp: at,
  };
  const body = { "oslo.version": "2.0", "oslo.message": JSON.stringify({ ...message, payload }) };
  return JSON.stringify({
    captured_at: `${at.replace(" ", "T")}Z`,
    exchange: "licences",
    routing_key: "notifications.info",
    body: JSON.stringify(body),
  });
};

function lastMonth(): readonly [string, string] {
  const now = new Date();
  const [year = "", month = ""] = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
    .toISOString()
    .split("-");
  return [year, month];
}

await describeWith("nats-server", "raingauge up", () => {
  const scratch = mkdtempSync(join(tmpdir(), "raingauge-defined-"));
  const folder = join(scratch, "ceilometer");
  const recordingFile = join(scratch, "licences.jsonl");
  let cloud: RecordedCloud;
  let home: Installed;
  beforeAll(async () => {
    for (const [name, text] of Object.entries(DEFINED)) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    writeFileSync(join(scratch, "prices.yaml"), PRICES);
    writeFileSync(
      recordingFile,
      [licence("licence.granted", "10:00:00.250000"), licence("licence.revoked", "12:30:00.000000")].join("\n"),
    );
    cloud = await recordedCloud({
      "GET /9696/v2.0/floatingips": inPages(recording("neutron.floatingips"), "floatingips"),
      "GET /9696/v2.0/mails": () => ({ status: 200, response_headers: [], body: { mails: MAILS } }),
    });
    home = new Installed({
      ...{ OS_AUTH_URL: cloud.authUrl, OS_USERNAME: "admin", OS_PASSWORD: "hunter2", OS_PROJECT_NAME: "admin" },
      RAINGAUGE_SWEEP_SOURCES: "neutron.floatingips.sweep,swift.survey",
      RAINGAUGE_DEFINITIONS: folder,
      RAINGAUGE_PRICE_BOOK: join(scratch, "prices.yaml"),
    });
    await home.up();
  }, LONG.timeout);
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true });
  });
  const json = async <T>(path: string): Promise<T> => (await home.get(path)).json() as Promise<T>;

  it("sweeps the cloud of the OS_* variables into its store", LONG, async () => {
    const addresses = async () =>
      JSON.stringify(
        await json("/v1/samples?meter=ip.floating&period=2026-11&resource=2954ff7d-71d7-4823-be86-2f09822e9f9e"),
      );

    await expect.poll(() => home.get("/readyz").then(({ status }) => status), LONG).toBe(200);
    await expect.poll(addresses, LONG).toContain('"origin":"api"');
    // polling.yaml asks for no meter of Swift's.
    expect(cloud.asked.map(({ path }) => path).join()).not.toContain("/8080/");
  });

  it("stores, lists, answers for and prices what an operator's files define, with no second word", LONG, async () => {
    await home.ask("replay", recordingFile);
    const past = `${YEAR}-${MONTH}`;
    const now = new Date().toISOString().slice(0, 7);
    const quantity = async (meter: string, period: string) =>
      (await json<Page<Used>>(`/v1/usage?period=${period}&meter=${meter}&group=project`)).items[0]?.quantity;

    await expect.poll(() => quantity("licence.seats", past), LONG).toBe(String(5 * 2.5 * 3_600_000));
    await expect.poll(() => quantity("dynamic.mail.sent", now), LONG).toBe("42");
    const meters = await json<Page<{ name: string }>>("/v1/meters?limit=500");
    const asked = await json<Answered>(
      `/prometheus/api/v1/query?query=ceilometer_licence_seats&time=${past}-10T10:01:00Z`,
    );
    const costs = async (period: string) =>
      (await json<Page<Cost>>(`/v1/costs?period=${period}&project=acme`)).items.map(({ total }) => Number(total));

    expect(meters.items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["licence.seats", "dynamic.mail.sent"]),
    );
    expect(asked.data.result.map(({ metric, value }) => [metric.product, value[1]])).toEqual([["db", "5"]]);
    expect(await costs(past)).toEqual([6.25]);
    expect(await costs(now)).toEqual([0.42]);
  });

  it("`try` says the same of files and of what was recorded, without any server", LONG, async () => {
    const [answer, wrong] = [join(scratch, "mails.json"), join(scratch, "wrong.yaml")];
    writeFileSync(answer, JSON.stringify({ mails: MAILS }));
    const mails = DEFINED["pollsters.d/mail.yaml"] ?? "";
    writeFileSync(wrong, mails.replaceAll("mail", "post").replace("int(value)", "eval(value)"));
    const { code, out } = await typed(["try", folder, wrong, "--message", recordingFile, "--answer", answer, "--json"]);
    const said = JSON.parse(out) as Tried;

    expect(code).toBe(2);
    expect(said.problems).toEqual([expect.stringMatching(/wrong\.yaml:5:3: \[0\]\.value_attribute: .*“eval” is not/)]);
    expect(said.meters.map(({ name }) => name)).toEqual(["licence.seats", "dynamic.mail.sent"]);
    expect(said.passed).toContainEqual(
      expect.stringMatching(/polling\.yaml:1:\d+: sources\[0\]\.resources: passed over: /),
    );
    expect(said.polling).toEqual(
      expect.arrayContaining([
        { what: "neutron.floatingips.sweep", seconds: 3_600 },
        { what: "dynamic.mail.sent.pollster", seconds: 3_600 },
        { what: "swift.survey" },
      ]),
    );
    expect(said.trials.flatMap(({ samples }) => samples)).toEqual(
      Array(2).fill(expect.objectContaining({ meter: "licence.seats", value: "5", resource: "l-1", project: "acme" })),
    );
    expect(said.answers.map(({ samples, nothing }) => [samples.map(({ value }) => value), nothing])).toEqual([
      [["40", "2"], ["there is no “sent”"]],
    ]);
  });
});

const MAILS = [
  { id: "b-1", owner: "acme$1", sent: "40", kind: "news" },
  { id: "b-2", owner: "acme$2", sent: 2, kind: "news" },
  { id: "b-3", owner: "acme$3" },
];

interface Page<T> {
  readonly items: readonly T[];
}

interface Used {
  readonly quantity: string;
}

interface Cost {
  readonly total: string;
}

interface Answered {
  readonly data: {
    readonly result: readonly {
      readonly metric: { readonly product?: string };
      readonly value: readonly [number, string];
    }[];
  };
}

interface Sampled {
  readonly value: string;
}

interface Tried {
  readonly problems: readonly string[];
  readonly passed: readonly string[];
  readonly meters: readonly { readonly name: string }[];
  readonly polling: readonly unknown[];
  readonly trials: readonly { readonly samples: readonly Sampled[] }[];
  readonly answers: readonly { readonly samples: readonly Sampled[]; readonly nothing: readonly string[] }[];
}
