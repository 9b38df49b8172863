import { CLOUD } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { finder } from "./captured.ts";
import { batchOf, bent, made, outlines } from "./made.ts";

const capturedOf = finder();

describe("Keystone's notifications", () => {
  it("come to events that say who did what, and to nothing that is billed", () => {
    const login = batchOf(capturedOf("identity.authenticate"));
    const assigned = batchOf(capturedOf("identity.role_assignment.created"));

    expect(login).toMatchObject({
      samples: [{ meter: "identity.authenticate.success", project: CLOUD }],
      events: [{ source: "keystone", attributes: { action: "authenticate", outcome: "success" } }],
    });
    expect(assigned.events[0]?.attributes).toMatchObject({
      assigned_project: expect.stringMatching(/^[0-9a-f]{32}$/),
      role: expect.stringMatching(/^[0-9a-f]{32}$/),
      initiator: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("are understood without an initiator, as when a project's deletion takes its users with it", () => {
    const { initiator: _, ...payload } = capturedOf("identity.user.deleted").payload;

    expect(batchOf(made("identity.user.deleted", payload)).events[0]?.project).toBeUndefined();
  });

  it("never tell a token, a password or the name that somebody failed to log in with", () => {
    const secret = {
      reason: { reasonType: "hunter2", policyType: "hunter2" },
      attachments: [{ content: "hunter2" }],
      initiator: { id: "u", username: "hunter2", credential: { token: "hunter2" } },
      blob: "hunter2",
    };

    expect(JSON.stringify(batchOf(bent(capturedOf("identity.authenticate"), secret)).events)).not.toContain("hunter2");
  });
});

describe("Swift's notifications", () => {
  it("bill the account for the bytes of each request, and for the request", () => {
    const put = capturedOf("objectstore.http.request", ({ payload }) => JSON.stringify(payload).includes("photos/o0"));
    const account = (put.payload["target"] as { id: string }).id;

    expect(outlines(put)).toEqual([
      `states storage.api.request 1 2026-11-23T00:35:52.981Z ${account}`,
      `states storage.objects.incoming.bytes 1000 2026-11-23T00:35:52.981Z ${account}`,
    ]);
    expect(JSON.stringify(batchOf(put).events)).not.toContain("o0");
  });

  it("bill whose data was read, also where nobody had to log in", () => {
    const read = capturedOf("objectstore.http.request", ({ payload }) =>
      JSON.stringify(payload).includes('"project_id":null'),
    );

    expect(batchOf(read).samples.map(({ project }) => project)).toEqual(["x", "x"]);
  });

  it("count two equal requests as two, and one that came twice as one", () => {
    const put = capturedOf("objectstore.http.request");
    const again = { ...put, messageId: "another" };
    const ids = [put, again, put].flatMap((each) => batchOf(each).samples.map(({ id }) => id));

    expect(new Set(ids).size).toBe(2 * batchOf(put).samples.length);
  });

  it("are refused where they measured nonsense", () => {
    const put = capturedOf("objectstore.http.request", ({ payload }) => payload["measurements"] !== undefined);
    const measured = (result: unknown) =>
      bent(put, { measurements: [{ result, metric: { name: "storage.objects.incoming.bytes" } }] });

    expect(() => batchOf(measured(-5))).toThrow("result is not a whole number");
    expect(() => batchOf(measured("7"))).toThrow("result is not a whole number");
    expect(() => batchOf(bent(put, { measurements: 7 }))).toThrow("measurements is not a list");
  });
});

it("an image that is fetched is told to its owner and to who fetched it", () => {
  const sent = bent(capturedOf("image.send"), { receiver_tenant_id: "fetcher", owner_id: "owner" });

  expect(outlines(sent)).toEqual([
    "states image.serve 2097152 2026-11-23T00:34:15.297Z owner",
    "states image.download 2097152 2026-11-23T00:34:15.297Z fetcher",
  ]);
  expect(batchOf(bent(sent, { receiver_tenant_id: null })).samples).toHaveLength(1);
});

// No audit middleware, no alarm and no cached image were recorded: made from the paths that Ceilometer reads.
describe("what else is told and costs nothing", () => {
  it("is a request to a service, without its query", () => {
    const { events, samples } = batchOf(
      made("http.request", {
        action: "read",
        outcome: "success",
        requestPath: "/v2.1/servers?token=hunter2",
        initiator: { id: "u", project_id: "acme", host: { address: "192.0.2.1" } },
        target: { id: "nova" },
      }),
    );

    expect(samples).toMatchObject([{ meter: "http.request", resource: "nova", value: 1n }]);
    expect(events).toMatchObject([
      { project: "acme", attributes: { path: "/v2.1/servers", initiator_address: "192.0.2.1" } },
    ]);
    expect(JSON.stringify(events)).not.toContain("hunter2");
  });

  it("is an alarm, without its detail", () => {
    const alarm = { alarm_id: "a", project_id: "acme", type: "state transition", severity: "low", detail: "hunter2" };
    const { events } = batchOf(made("alarm.state_transition", alarm));

    expect(events).toMatchObject([{ source: "aodh", project: "acme", attributes: { alarm: "a" } }]);
    expect(JSON.stringify(events)).not.toContain("hunter2");
  });

  it("is a hit in the cache of images", () => {
    const { events } = batchOf(made("image_volume_cache.hit", { image_id: "i", host: "storage-01" }));

    expect(events).toMatchObject([{ source: "cinder", attributes: { image_id: "i", host: "storage-01" } }]);
  });
});
