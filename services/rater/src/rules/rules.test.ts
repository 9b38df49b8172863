import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describeWith, prometheusServer, type Server } from "@raingauge/harness";
import { laidOut } from "@raingauge/promql";
import { Secret } from "@raingauge/runtime";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { cloud } from "../fixtures/cloud.ts";
import type { ActiveAlert, RuleGroup } from "./rule-groups.ts";
import type { RulesSettings } from "./settings.ts";

const SHIPPED = readFileSync(new URL("../../../../dashboards/alerts/raingauge.rules.yml", import.meta.url), "utf8");

const OURS = `groups:
  - name: ours
    interval: 1s
    rules:
      - { alert: OfAcme, expr: vector(1), labels: { project: acme, severity: info }, annotations: { summary: about acme } }
      - { alert: OfZebra, expr: vector(2), labels: { project: zebra } }
      - alert: OfBoth
        expr: label_replace(vector(3), "project", "acme", "", "") or label_replace(vector(4), "project", "zebra", "", "")
        for: 1h
      - { alert: OfTheCloud, expr: vector(5) }
      - { alert: Quiet, expr: vector(6) > 7, labels: { project: acme } }
      - { record: seven, expr: vector(7), labels: { of: week } }
`;

/** Only ends what hangs. */
const PATIENCE = { timeout: 60_000 };

const asking = async (rules: RulesSettings): Promise<Api> =>
  api(await cloud(), undefined, undefined, undefined, undefined, rules);

describe("rules that nobody evaluates", () => {
  let asked: Api;
  beforeAll(async () => {
    asked = await asking({});
  });
  afterAll(() => asked.app.close());

  it("are the shipped ones, with nothing known of their state, and the answer says so", async () => {
    const { status, data, warnings } = (await asked.ask("admin", "/prometheus/api/v1/rules")).json();
    const rules = (data.groups as RuleGroup[]).flatMap((group) => group.rules);

    expect(status).toBe("success");
    expect(rules.map(({ name }) => name)).toEqual([...SHIPPED.matchAll(/- alert: (\w+)/g)].map(([, name]) => name));
    expect(new Set(rules.map(({ health }) => health))).toEqual(new Set(["unknown"]));
    expect(warnings).toEqual([expect.stringMatching(/^nothing evaluates rules here/)]);
  });

  it("have no alerts, and a reader of some projects is told of none of them", async () => {
    const alerts = (await asked.ask("admin", "/prometheus/api/v1/alerts")).json();
    const read = (await asked.ask("reader", "/prometheus/api/v1/rules")).json();

    expect(alerts.data).toEqual({ alerts: [] });
    expect(alerts.warnings).toHaveLength(1);
    expect(read.data).toEqual({ groups: [] });
  });
});

describe("an evaluator of rules that does not answer", () => {
  it.each([
    { of: "refuses", answers: { code: 401, body: "no" }, says: /answered 401/ },
    { of: "says something else", answers: { code: 200, body: "<html>" }, says: /no rules can be read/ },
    { of: "redirects", answers: { code: 302, body: "" }, says: /answered 302/ },
  ])("is told of as that where it $of, and never as silence", async ({ answers, says }) => {
    const heard: (string | undefined)[] = [];
    const evaluator = createServer(({ headers }, reply) => {
      heard.push(headers.authorization);
      reply.writeHead(answers.code).end(answers.body);
    });
    await new Promise<void>((listening) => evaluator.listen(0, "127.0.0.1", listening));
    const rulesUrl = new URL(`http://127.0.0.1:${(evaluator.address() as AddressInfo).port}`);
    const asked = await asking({ rulesUrl, rulesToken: new Secret("sesame") });

    const answer = await asked.ask("admin", "/prometheus/api/v1/alerts");
    await asked.app.close();
    evaluator.close();

    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      status: "error",
      errorType: "unavailable",
      error: expect.stringMatching(says),
    });
    expect(heard).toEqual(["Bearer sesame"]);
    expect(answer.body).not.toContain("sesame");
  });

  it("is told of as that where nobody listens", async () => {
    const asked = await asking({ rulesUrl: new URL("http://127.0.0.1:1") });

    const answer = await asked.ask("admin", "/prometheus/api/v1/rules");
    await asked.app.close();

    expect(answer.statusCode).toBe(503);
    expect(answer.json().error).toMatch(/cannot be reached/);
  });
});

await describeWith("prometheus", "rules that a Prometheus evaluates", () => {
  let prometheus: Server;
  let asked: Api;
  beforeAll(async () => {
    prometheus = await prometheusServer("# EOF\n", { "ours.yml": OURS, "raingauge.rules.yml": SHIPPED });
    asked = await asking({ rulesUrl: new URL(prometheus.url) });
    await vi.waitFor(async () => expect(await names("admin", "alerts")).toHaveLength(5), PATIENCE);
  });
  afterAll(async () => {
    await asked?.app.close();
    await prometheus?.stop();
  });

  const told = async (who: "admin" | "reader", path: string) =>
    (await asked.ask(who, `/prometheus/api/v1/${path}`)).json().data;
  const names = async (who: "admin" | "reader", path: string): Promise<readonly string[]> => {
    const { alerts = [], groups = [] } = (await told(who, path)) as {
      readonly alerts?: readonly ActiveAlert[];
      readonly groups?: readonly RuleGroup[];
    };
    const rules = groups.filter(({ name }) => name === "ours").flatMap((group) => group.rules);
    const all = [...alerts.map(({ labels }) => labels["alertname"] ?? ""), ...rules.map(({ name }) => name)];
    return all.filter((name) => !name.startsWith("Raingauge"));
  };

  it("are told of as it tells of them itself", async () => {
    // It may evaluate between the two questions.
    await vi.waitFor(async () => {
      const theirs = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as { readonly data: unknown };

      expect(still(await told("admin", "rules"))).toEqual(still(theirs.data));
    }, PATIENCE);
  });

  it("are the shipped ones where it was given those, as they are told of where nobody evaluates them", async () => {
    const alone = await asking({});
    const shipped = (await alone.ask("admin", "/prometheus/api/v1/rules")).json().data.groups;
    await alone.app.close();
    const theirs = (await told("admin", "rules")).groups.filter(({ name }: RuleGroup) => name !== "ours");

    expect(byName(shipped).map(known)).toEqual(byName(theirs).map(known));
  });

  it("are a reader's own alone: those with an alert of their project, and of that the alerts of their project", async () => {
    const { groups } = await told("reader", "rules");
    const [{ rules }] = groups as [RuleGroup];

    expect(await names("reader", "alerts")).toEqual(["OfAcme", "OfBoth"]);
    expect(rules.map((rule) => (rule.type === "alerting" ? [rule.name, rule.state, rule.alerts.length] : []))).toEqual([
      ["OfAcme", "firing", 1],
      ["OfBoth", "pending", 1],
    ]);
    expect(JSON.stringify(groups)).not.toContain("zebra");
  });

  it.each([
    { query: "type=record", names: ["seven"] },
    { query: "rule_name[]=OfAcme&rule_name[]=seven", names: ["OfAcme", "seven"] },
    { query: "rule_group[]=other", names: [] },
    { query: "match[]={severity=%22info%22}&match[]={of=~%22w.*%22}", names: ["OfAcme", "seven"] },
    { query: "type=alert&limit_alerts=16", names: ["OfAcme", "OfZebra", "OfBoth", "OfTheCloud", "Quiet"] },
  ])("are those that $query asks for", async ({ query, names: wanted }) => {
    expect(await names("admin", `rules?${query}`)).toEqual(wanted);
  });
});

type Told = Readonly<Record<string, unknown>>;

/** But for when each was last evaluated, how long that took, and in which order a rule's alerts are told of: Prometheus has none. */
const still = (told: unknown): unknown =>
  JSON.parse(JSON.stringify(told), (key, value) => {
    if (["lastEvaluation", "evaluationTime", "activeAt"].includes(key)) return typeof value;
    return key === "alerts" ? value.toSorted(byLabels) : value;
  });

const byLabels = (a: ActiveAlert, b: ActiveAlert): number =>
  JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1;

/** Prometheus tells of groups by their names. */
const byName = (groups: readonly RuleGroup[]): readonly RuleGroup[] =>
  groups.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** What is in the rule file. Prometheus lays queries out anew, and keeps brackets that we do not. */
const known = ({ name, interval, limit, rules }: RuleGroup): Told => ({
  name,
  interval,
  limit,
  rules: rules.map((rule) => ({
    ...{ name: rule.name, labels: rule.labels, query: laidOut(rule.query).replaceAll(/[\s()]/g, "") },
    ...(rule.type === "alerting" ? { duration: rule.duration, annotations: rule.annotations } : {}),
  })),
});
