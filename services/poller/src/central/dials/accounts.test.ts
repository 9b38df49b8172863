import { at, type Sample } from "@raingauge/domain";
import { type Play, type Recording, recordedCloud, recording } from "@raingauge/harness";
import { ApiError, radosGateway } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import { expect, it, onTestFinished } from "vitest";
import { sessionOf } from "../../fixtures/session-of.ts";
import { centralMetrics } from "../metrics.ts";
import { surveyor } from "../surveyor.ts";
import { radosgwSurvey } from "./radosgw.ts";
import type { Survey } from "./survey.ts";
import { swiftSurvey } from "./swift.ts";

const NOW = at(Date.parse("2026-11-23T00:44:20.000Z"));
const MANY = 10_001;

/** The recorded account with so many containers, in pages as long as Swift makes them. */
const account =
  (count: number): Play =>
  ({ query }) => {
    const whole = recording("swift.account.get");
    const headers = whole.response_headers.map(([name, value]) =>
      name === "X-Account-Container-Count" ? ([name, String(count)] as const) : ([name, value] as const),
    );
    const all = Array.from({ length: count }, (_, index) => ({
      name: `c${String(index).padStart(6, "0")}`,
      count: 2,
      bytes: 3,
    }));
    const page = all.filter(({ name }) => name > (query["marker"] ?? "")).slice(0, 10_000);
    return { ...whole, response_headers: headers, body: page } as unknown as Recording;
  };

const PROJECTS = (recording("keystone.projects").body?.["projects"] ?? []) as readonly { readonly id: string }[];
const [FIRST, SECOND, THIRD] = PROJECTS.map(({ id }) => id);

async function surveyed(survey: Survey, plays: Record<string, Play>) {
  const cloud = await recordedCloud({ "GET /5000/v3/projects": () => recording("keystone.projects"), ...plays });
  const session = sessionOf(cloud, { now: () => NOW, attemptsMax: 2 });
  const samples: Sample[] = [];
  const metrics = centralMetrics();
  const surveying = {
    ...{ session, region: "one", agent: "central", log: silentLog, metrics, now: () => NOW },
    post: async (batch: { readonly samples: readonly Sample[] }) => {
      samples.push(...batch.samples);
      return true;
    },
  };
  await surveyor(survey, surveying).once();
  const value = (meter: string, resource: string | undefined) =>
    samples.find((each) => each.meter === meter && each.resource === resource)?.value;
  return { samples, metrics, value, cloud };
}

it("measures an account with more containers than Swift lists at once, each of them", async () => {
  const { samples, value } = await surveyed(swiftSurvey, {
    "GET /8080/v1/AUTH_ed67957e32384123ab166d55f1c4cdbb": account(0),
    [`GET /8080/v1/AUTH_${FIRST}`]: account(MANY),
  });

  expect(samples.filter(({ meter }) => meter === "storage.containers.objects.size")).toHaveLength(MANY);
  expect(value("storage.containers.objects", `${FIRST}/c010000`)).toBe(2n);
  expect(value("storage.objects.containers", FIRST)).toBe(BigInt(MANY));
  const header = (name: string): bigint =>
    BigInt(recording("swift.account.get").response_headers.find(([each]) => each === name)?.[1] ?? -1);
  expect(value("storage.objects", FIRST)).toBe(header("X-Account-Object-Count"));
  expect(value("storage.objects.size", FIRST)).toBe(header("X-Account-Bytes-Used"));
});

it("goes on after an account that may not be read, and takes one that is not there for empty", async () => {
  const { value, metrics } = await surveyed(swiftSurvey, {
    "GET /8080/v1/AUTH_ed67957e32384123ab166d55f1c4cdbb": account(0),
    [`GET /8080/v1/AUTH_${FIRST}`]: () => recording("swift.account.head.404"),
    [`GET /8080/v1/AUTH_${SECOND}`]: account(3),
  });

  expect(value("storage.objects.containers", SECOND)).toBe(3n);
  expect(value("storage.objects.containers", THIRD)).toBeUndefined();
  expect(await metrics.text()).toContain(
    'poller_survey_parts_skipped_total{source="swift.survey",reason="forbidden"} 1',
  );
});

it("asks Ceph's gateway with a signature, and one project that it fails for costs no other", async () => {
  const headers: Record<string, unknown>[] = [];
  const bucket = {
    bucket: "photos",
    usage: { "rgw.main": { num_objects: 3, size_kb: 9 }, "rgw.multimeta": { num_objects: 1, size: 5 } },
  };
  const door = await recordedCloud({
    "GET /admin/bucket": ({ query, headers: asked }) => {
      headers.push(asked);
      if (query["uid"] === FIRST) return { status: 500, response_headers: [], body: null };
      const nobody = { status: 404, response_headers: [], body: { Code: "NoSuchUser" } };
      return query["uid"] === SECOND
        ? ({ status: 200, response_headers: [], body: [bucket] } as unknown as Recording)
        : nobody;
    },
    "GET /admin/usage": ({ query }) => ({
      ...{ status: 200, response_headers: [] },
      body: { summary: query["uid"] === SECOND ? [{ total: { ops: 77 } }] : [] },
    }),
  });
  onTestFinished(() => door[Symbol.asyncDispose]());
  await using gateway = radosGateway(
    { url: new URL(door.authUrl).origin, accessKey: "KEY", secretKey: () => "hunter2", verify: true },
    {
      ...{ timeoutSeconds: 10, endpointRequestsMax: 4, attemptsMax: 2, signal: new AbortController().signal },
      patience: { pause: async () => undefined, random: () => 0 },
    },
  );

  const { value, metrics } = await surveyed(radosgwSurvey(gateway), {});

  expect(value("radosgw.containers.objects", `${SECOND}/photos`)).toBe(4n);
  expect(value("radosgw.objects.size", SECOND)).toBe(9n * 1024n + 5n);
  expect(value("radosgw.containers.objects.size", `${SECOND}/photos`)).toBe(9n * 1024n + 5n);
  expect(value("radosgw.objects.containers", SECOND)).toBe(1n);
  expect(value("radosgw.api.request", SECOND)).toBe(77n);
  expect(value("radosgw.objects", FIRST)).toBeUndefined();
  expect(await metrics.text()).toContain(
    'poller_survey_parts_skipped_total{source="radosgw.survey",reason="failed"} 1',
  );
  expect(String(headers[0]?.["authorization"])).toMatch(
    /^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/default\/s3\/aws4_request/,
  );
  expect(JSON.stringify(headers)).not.toContain("hunter2");
});

const NOBODY = {
  fetch: () => expect.fail("nobody is asked"),
  get: () => expect.fail("nobody is asked"),
  pages: () => expect.fail("nobody is asked"),
};

it("is silent where the cloud has no such service, and not where it had it", async () => {
  let isThere = true;
  const survey: Survey = {
    name: "octavia.survey",
    absence: new Set(["no_endpoint"] as const),
    read: async () => {
      if (!isThere) throw new ApiError("no_endpoint", "gone");
      return [];
    },
  };
  const metrics = centralMetrics();
  const surveying = {
    ...{ session: NOBODY, region: "one", agent: "central" },
    ...{ log: silentLog, metrics, now: () => NOW, post: async () => true },
  };
  isThere = false;
  await surveyor(survey, surveying).once();
  expect(await metrics.text()).not.toContain('poller_surveys_failed_total{source="octavia.survey"');
  const known = surveyor(survey, surveying);
  isThere = true;
  await known.once();
  isThere = false;

  await known.once();

  expect(await metrics.text()).toContain('poller_surveys_failed_total{source="octavia.survey",reason="no_endpoint"} 1');
});
