import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, type Instant, instant, iso, measure, meterNamed, type Sample } from "@raingauge/domain";
import { recordedCloud, recording, TOKENS } from "@raingauge/harness";
import { silentLog } from "@raingauge/runtime";
import { expect, it, onTestFinished } from "vitest";
import { sessionOf } from "../../fixtures/session-of.ts";
import { centralMetrics } from "../metrics.ts";
import { seenFile } from "../seen-file.ts";
import { surveyor } from "../surveyor.ts";
import { octaviaSurvey } from "./octavia.ts";

// The recorded cloud ran no Octavia: this one answers as its API reference has it.

const START = instant("2026-11-23T10:00:00Z");
const MINUTE = 60_000;

interface Balancer {
  readonly id: string;
  readonly created_at: string;
  readonly provisioning_status?: string;
}

/** A cloud with load balancers whose counters are set by hand, and a survey that is made at given minutes. */
async function balancing() {
  let balancers: readonly Balancer[] = [];
  let now: Instant = START;
  const answer = (body: Readonly<Record<string, unknown>>, status = 200) => ({ status, response_headers: [], body });
  const list = (items: string) => () => answer({ [items]: items === "loadbalancers" ? balancers.map(whole) : [] });
  const whole = (said: Balancer) => ({ project_id: "acme", provisioning_status: "ACTIVE", ...said });
  const cloud = await recordedCloud({
    [TOKENS]: () => {
      const token = recording("keystone.tokens.post.admin");
      const endpoints = [
        { interface: "public", region: "RegionOne", region_id: "RegionOne", url: "http://127.0.0.1:9876" },
      ];
      const catalog = [{ type: "load-balancer", name: "octavia", endpoints }];
      return { ...token, body: { token: { ...(token.body?.["token"] as object), catalog } } };
    },
    "GET /9876/v2/lbaas/loadbalancers": list("loadbalancers"),
    "GET /9876/v2/lbaas/pools": list("pools"),
    "GET /9876/v2/octavia/amphorae": list("amphorae"),
  });
  const session = sessionOf(cloud, { now: () => now });
  const samples: Sample[] = [];
  const metrics = centralMetrics();
  const post = async (batch: { readonly samples: readonly Sample[] }) => samples.push(...batch.samples) >= 0;
  const folder = mkdtempSync(join(tmpdir(), "raingauge-survey-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const poller = () =>
    surveyor(
      octaviaSurvey,
      { session, region: "one", agent: "central", log: silentLog, metrics, now: () => now, post },
      seenFile(folder, octaviaSurvey.name),
    );
  let survey = poller();
  return {
    samples,
    metrics,
    restart: (): void => {
      survey = poller();
    },
    async surveyed(minute: number, here: readonly (Balancer & { readonly out: number | "broken" })[]): Promise<void> {
      now = at(START + minute * MINUTE);
      balancers = here;
      for (const { id, out } of here) {
        const stats = { bytes_in: 1, bytes_out: out, active_connections: 3, total_connections: 8, request_errors: 0 };
        cloud.play(`GET /9876/v2/lbaas/loadbalancers/${id}/stats`, () =>
          out === "broken" ? answer({}, 500) : answer({ stats }),
        );
      }
      await survey.once();
    },
    used: (id: string, meter = "network.services.lb.outgoing.bytes") =>
      measure(
        meterNamed(meter) ?? expect.fail(),
        samples.filter((sample) => sample.meter === meter && sample.resource === id),
        { start: at(START - MINUTE), end: at(START + 100 * MINUTE) },
      )[0]?.quantity,
  };
}

const made = (id: string, minute: number): Balancer => ({
  id,
  created_at: iso(at(START + minute * MINUTE)).slice(0, 19),
});

it("what a load balancer passed is counted from its beginning, if that was watched, and else from the first reading", async () => {
  const { surveyed, used, samples } = await balancing();

  await surveyed(0, [{ ...made("old", -1_000), out: 1_000_000 }]);
  await surveyed(5, [
    { ...made("old", -1_000), out: 1_000_700 },
    { ...made("new", 2), out: 50 },
  ]);
  await surveyed(10, [
    { ...made("old", -1_000), out: 1_000_900 },
    { ...made("new", 2), out: 80 },
  ]);

  expect(used("old")).toBe(900n);
  expect(used("new")).toBe(80n);
  expect(used("new", "network.services.lb.total.connections")).toBe(8n);
  expect(used("new", "network.services.lb.incoming.bytes")).toBe(1n);
  expect(used("new", "network.services.lb.request.errors")).toBe(0n);
  const active = samples.filter(({ meter }) => meter === "network.services.lb.active.connections");
  expect(active.map(({ value, project }) => [value, project])).toEqual(Array(5).fill([3n, "acme"]));
});

it("one that was made while the poller was being restarted is counted from its beginning too", async () => {
  const { surveyed, used, restart } = await balancing();

  await surveyed(0, []);
  restart();
  await surveyed(10, [{ ...made("new", 7), out: 60 }]);

  expect(used("new")).toBe(60n);
});

it("a counter that an amphora's replacement took back is a new baseline, and costs the tenant nothing", async () => {
  const { surveyed, used } = await balancing();

  await surveyed(0, [{ ...made("b", -9), out: 500 }]);
  await surveyed(5, [{ ...made("b", -9), out: 900 }]);
  await surveyed(10, [{ ...made("b", -9), out: 20 }]);
  await surveyed(15, [{ ...made("b", -9), out: 50 }]);

  expect(used("b")).toBe(430n);
});

it("one of which Octavia does not tell costs its own readings, what is being made is not asked for", async () => {
  const { surveyed, samples, metrics } = await balancing();

  await surveyed(0, [
    { ...made("broken", -9), out: "broken" },
    { ...made("young", 0), provisioning_status: "PENDING_CREATE", out: 1 },
    { ...made("well", -9), out: 7 },
  ]);

  const passed = samples.filter(({ meter }) => meter === "network.services.lb.outgoing.bytes");
  expect(passed.map(({ resource, value }) => [resource, value])).toEqual([["well", 7n]]);
  expect(await metrics.text()).toContain(
    'poller_survey_parts_skipped_total{source="octavia.survey",reason="failed"} 1',
  );
});
