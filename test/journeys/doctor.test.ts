import {
  describeWith,
  inPages,
  type RecordedCloud,
  rabbitServer,
  recordedCloud,
  recording,
  type Server,
} from "@raingauge/harness";
import { parseBroker, type Speaker, speak } from "@raingauge/openstack";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Environment, typed } from "./command.ts";

interface Finding {
  readonly part: string;
  readonly verdict: string;
  readonly says: string;
  readonly mend?: string;
}

await describeWith("rabbitmq-server", "raingauge doctor", () => {
  let rabbit: Server;
  let cloud: RecordedCloud;
  let services: Speaker;
  let env: Environment;
  beforeAll(async () => {
    rabbit = await rabbitServer();
    const exchanges = ["nova", "openstack", "keystone"];
    services = speak(parseBroker(rabbit.url), { exchanges, exchangesDurable: false });
    for (const exchange of exchanges) await services.say(exchange, "notifications.info", "heard by nobody");
    cloud = await recordedCloud({
      "GET /5000/v3": () => ({ status: 200, response_headers: [], body: { version: {} } }),
      "GET /8774/v2.1/servers/detail": inPages(recording("nova.servers_detail.latest"), "servers"),
      "GET /8774/v2.1/os-instance_usage_audit_log": () => recording("nova.os-instance_usage_audit_log"),
      [`GET ${VOLUMES}`]: () => recording("nova.servers_detail.member_forbidden"),
    });
    env = {
      RAINGAUGE_RABBIT_URL: rabbit.url,
      RAINGAUGE_DATA: "/nonexistent/raingauge",
      // The doctor is run beside any process: what is another's setting is no misprint.
      RAINGAUGE_LISTENER_HEALTH_HOST: "0.0.0.0",
      ...{ OS_AUTH_URL: cloud.authUrl, OS_USERNAME: "admin", OS_PASSWORD: "hunter2", OS_PROJECT_NAME: "admin" },
    };
  });
  afterAll(async () => {
    await services[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await rabbit.stop();
  });

  it("says what is off in the cloud and at the broker, how to turn it on, and that something is wrong", async () => {
    const { code, out, err } = await typed(["doctor", "--listen", "0", "--etc", "/nonexistent", "--json"], env);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    const wrong = findings.filter(({ verdict }) => verdict === "wrong");

    expect([code, err]).toEqual([1, ""]);
    expect(wrong.map(({ part, says }) => `${part}: ${says}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^rabbitmq: there is no queue raingauge.notifications/),
        expect.stringMatching(/^cinder: cinder.volumes.sweep: GET .*: 403/),
        expect.stringMatching(/^glance: it has never notified: the broker knows no exchange glance/),
        expect.stringMatching(/^swift: it answered us and told nobody/),
      ]),
    );
    expect(wrong.every(({ mend = "" }) => mend !== "")).toBe(true);
    expect(says(findings, "nova", "well")).toContain("its audit of machines runs on all 2 hosts");
    expect(says(findings, "keystone", "off")).toContain("it does not tell who logs in");
    expect(out).not.toContain("hunter2");
  });

  it("is content with what it hears", async () => {
    const talking = new AbortController();
    const talk = async (): Promise<void> => {
      while (!talking.signal.aborted) {
        await services.say("nova", "versioned_notifications.info", notification("instance.create.end"));
        await services.say("keystone", "notifications.info", notification("identity.authenticate"));
      }
    };
    const talked = talk();

    const { out } = await typed(["doctor", "--listen", "2", "--etc", "/nonexistent"], env);
    talking.abort();
    await talked;

    expect(out).toMatch(/^well {4}nova {7}it notifies: \d+ heard just now, versioned$/m);
    expect(out).toMatch(/^well {4}keystone {3}it tells who logs in$/m);
  });

  it("skips what nobody named, and ends well where nothing is wrong", async () => {
    const { code, out } = await typed(["doctor", "--etc", "/nonexistent"], {
      RAINGAUGE_DATA: "/nonexistent/raingauge",
    });

    expect(code).toBe(0);
    expect(out).toMatch(/nothing is wrong\n$/);
    expect(out).toContain("skipped rabbitmq   no broker was named");
  });

  it("ends with 2 for settings that are wrong, and repeats no secret", async () => {
    const { code, err, out } = await typed(["doctor"], { RAINGAUGE_RABBIT_URL: "http://user:hush@host" });

    expect(code).toBe(2);
    expect(out + err).toContain("RAINGAUGE_RABBIT_URL");
    expect(out + err).not.toContain("hush");
  });
});

/** Cinder's address in the recorded catalog. */
const VOLUMES = "/8776/v3/ed67957e32384123ab166d55f1c4cdbb/volumes/detail";

const says = (findings: readonly Finding[], part: string, verdict: string): string[] =>
  findings.filter((each) => each.part === part && each.verdict === verdict).map(({ says: said }) => said);

const notification = (type: string): string =>
  JSON.stringify({
    "oslo.version": "2.0",
    "oslo.message": JSON.stringify({
      ...{ message_id: crypto.randomUUID(), publisher_id: "compute.compute-01", event_type: type, priority: "INFO" },
      ...{ timestamp: "2026-11-23 00:23:13.923546", payload: {} },
    }),
  });
