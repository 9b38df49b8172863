import { type Batch, iso, type Sample } from "@raingauge/domain";
import type { Notification, Payload } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { finder } from "../captured.ts";
import { isIgnored } from "../heard.ts";
import { translate } from "../translate.ts";

const capturedOf = finder();

const FORMATS = [
  { format: "legacy", prefix: "compute.instance." },
  { format: "versioned", prefix: "instance." },
] as const;

describe.each(FORMATS)("$format Nova notifications", ({ format, prefix }) => {
  it.each([
    // What Nova calls it, bent from what was captured; then what a price sees.
    { type: "unshelve.end", from: "rebuild.end", state: "active", becomes: "active", timed: true },
    { type: "shelve_offload.end", from: "shelve.end", state: "shelved_offloaded", becomes: "shelved_offloaded" },
    { type: "power_off.end", from: "power_off.end", state: "stopped", becomes: "stopped" },
    { type: "reboot.end", from: "reboot.end", state: "active", becomes: "active" },
  ])("state a machine's whole description at $type", ({ type, from, state, becomes, timed = false }) => {
    const said = bent(capturedOf(prefix + from), { type: prefix + type, state });

    const [instance] = statements(said, "instance");

    expect(instance?.dimensions).toEqual({
      flavor: expect.stringMatching(/^m1\./),
      state: becomes,
      image: expect.stringMatching(/^[0-9a-f-]{36}$/),
      availability_zone: "nova",
    });
    expect(instance?.transition === undefined).toBe(timed);
    expect(instance && instance.at % 1_000).toBe(0);
    expect(statements(said).map(({ meter }) => meter)).toEqual(METERS);
  });

  it("bill nothing for a machine that never became active, whatever becomes of it", () => {
    for (const type of ["create.end", "power_off.end", "delete.end", "exists"]) {
      const said = bent(capturedOf(prefix + type), { launched_at: format === "legacy" ? "" : null });
      expect(batch(said)).toMatchObject({ samples: [], events: [{ type: prefix + type }] });
    }
  });

  it("end a machine when its hypervisor was done with it, and prove since when it ran", () => {
    const said = capturedOf(`${prefix}delete.end`, (one) => JSON.stringify(one.payload).includes("2c095adf"));

    expect(
      batch(said)
        .samples.filter(({ meter }) => meter === "instance")
        .map(outline),
    ).toEqual(["sights active 2026-11-23T00:39:48Z", "ends active 2026-11-23T00:42:03Z"]);
  });

  it("end a machine when it was said, where Nova gives no time", () => {
    const none = format === "legacy" ? "" : null;
    const said = bent(capturedOf(`${prefix}delete.end`), { terminated_at: none, deleted_at: none });

    expect(batch(said).samples.find(({ stance }) => stance === "ends")).toMatchObject({
      at: Math.floor(said.microseconds / 1_000_000) * 1_000,
      transition: expect.stringMatching(/^delete.end req-/),
    });
  });

  it("count a resized machine as active, and as stopped again once a stopped one is confirmed", () => {
    const resized = capturedOf(prefix + (format === "legacy" ? "finish_resize.end" : "resize_finish.end"));
    const confirmed = capturedOf(prefix + (format === "legacy" ? "resize.confirm.end" : "resize_confirm.end"));

    expect(statements(resized, "instance")[0]?.dimensions["state"]).toBe("active");
    expect(statements(bent(confirmed, { state: "stopped" }), "instance")[0]?.dimensions["state"]).toBe("stopped");
  });

  it("state what the periodic audit finds, and prove that it was running", () => {
    const said = audited("2026-11-23T00:00:00", "2026-11-23T01:00:00", "2026-11-23T01:00:42Z");

    expect(statements(said, "instance").map(outline)).toEqual(["states active 2026-11-23T01:00:42Z"]);
    expect(batch(said).coverage).toEqual([
      {
        region: "one",
        source: "nova.audit",
        agent: expect.stringMatching(/^compute-0[12]$/),
        period: { start: Date.UTC(2026, 10, 23), end: Date.UTC(2026, 10, 23, 1) },
        confirms: { resourceTypes: ["instance"], limitSeconds: 26 * 3600 },
      },
    ]);
  });

  it.each([
    ["that came with an action", "2026-11-23T00:00:00", "2026-11-23T00:36:35", "2026-11-23T00:36:35Z"],
    ["of a month", "2026-11-01T00:00:00", "2026-12-01T00:00:00", "2026-12-01T00:00:10Z"],
    ["of a period that is not over", "2026-11-23T00:00:00", "2026-11-23T01:00:00", "2026-11-23T00:43:05Z"],
    [
      "that came with an action on the stroke of the hour",
      "2026-11-23T01:00:00",
      "2026-11-23T01:00:00",
      "2026-11-23T01:00:00.2Z",
    ],
  ])("only sight a machine at an exists %s", (_, start, end, at) => {
    const said = audited(start, end, at);

    expect(statements(said)).toEqual([]);
    expect(batch(said).coverage).toEqual([]);
  });

  it("do not take an audit's word for what a machine in the middle of an action is", () => {
    const said = audited("2026-11-23T00:00:00", "2026-11-23T01:00:00", "2026-11-23T01:00:42Z", {
      state_description: "resize_finish",
      task_state: "resize_finish",
    });

    expect(statements(said)).toEqual([]);
    expect(batch(said).coverage).toHaveLength(1);
  });

  it("end a machine of which the audit says that it is deleted", () => {
    const said = audited("2026-11-23T00:00:00", "2026-11-23T01:00:00", "2026-11-23T01:00:42Z", {
      state: "deleted",
      terminated_at: "2026-11-23T00:50:00Z",
      deleted_at: "2026-11-23T00:50:01Z",
    });

    const ends = batch(said).samples.filter(({ stance, meter }) => stance === "ends" && meter === "instance");
    expect(ends.map(outline)).toEqual(["ends active 2026-11-23T00:50:00Z"]);
  });

  it.each([
    { before: "active", state: "error", states: ["error"] },
    { before: "error", state: "active", states: ["active"] },
    { before: "active", state: "stopped", states: [] },
    { before: "active", state: "active", states: [] },
  ])("learn from an update from $before to $state: $states", ({ before, state, states }) => {
    const settled = capturedOf(
      `${prefix}update`,
      (one) => !isIgnored(translate(one, { region: "one" })) && hasRun(one),
    );
    const said = bent(settled, { state, old_state: before });

    expect(statements(said, "instance").map(({ dimensions }) => dimensions["state"])).toEqual(states);
  });

  it("keep secrets out of what is said of a machine", () => {
    const said = bent(capturedOf(`${prefix}create.end`), {
      metadata: { cost_center: "cc-1", db_password: "hunter2", "api-key": "k", Token: "t" },
    });

    const [event] = batch(said).events;

    expect(event?.attributes).toMatchObject({ "metadata.cost_center": "cc-1", name: expect.any(String) });
    expect(JSON.stringify(event)).not.toMatch(/hunter2|api-key|Token/);
  });

  it.each([
    ["no project", { tenant_id: null }],
    ["a project that is a number", { tenant_id: 7 }],
    ["no id", { instance_id: "", uuid: "" }],
    ["a negative size", { memory_mb: -512 }],
    ["a size that is a fraction", { vcpus: 1.5 }],
    ["a size that JSON has rounded", { root_gb: 2 ** 60 }],
    ["a size that is a text", { vcpus: "1" }],
    ["a launch before there was OpenStack", { launched_at: "1970-01-01T00:00:00Z" }],
    ["a launch beyond all bills", { launched_at: "2106-02-07T06:28:15Z" }],
    ["a launch in local time", { launched_at: "2026-11-23T00:36:09+02:00" }],
    ["a launch that is none", { launched_at: "soon" }],
  ])("are refused with %s", (_, fields) => {
    expect(() => batch(bent(capturedOf(`${prefix}create.end`), fields))).toThrow(
      expect.objectContaining({ name: "MalformedNotification" }),
    );
  });

  it("are refused when they were said before 2000 or after 2100", () => {
    for (const year of [1970, 2106]) {
      const said = { ...capturedOf(`${prefix}create.end`), microseconds: Date.UTC(year, 1) * 1_000 };
      expect(() => batch(said)).toThrow("before 2000 or after 2100");
    }
  });

  /** A captured `exists`, as the periodic audit would have sent it. */
  function audited(start: string, end: string, at: string, fields: Payload = {}): Notification {
    const period = { audit_period_beginning: start, audit_period_ending: end };
    const wrapped = { audit_period: { "nova_object.data": period } };
    const idle = { state_description: "", task_state: null };
    const said = bent(capturedOf(`${prefix}exists`), {
      ...idle,
      ...(format === "legacy" ? period : wrapped),
      ...fields,
    });
    return { ...said, microseconds: Date.parse(at) * 1_000 };
  }
});

it("has one identity for what both formats say of a transition that carries its time", () => {
  for (const [legacy, versioned] of [
    ["create.end", "create.end"],
    ["finish_resize.end", "resize_finish.end"],
  ]) {
    const told = capturedOf(`compute.instance.${legacy}`);
    const again = capturedOf(`instance.${versioned}`, ({ requestId }) => requestId === told.requestId);
    expect(statements(again).map(({ id }) => id)).toEqual(statements(told).map(({ id }) => id));
  }
});

const METERS = ["instance", "vcpus", "memory", "disk.root.size", "disk.ephemeral.size"];

function batch(notification: Notification): Batch {
  const heard = translate(notification, { region: "one" });
  if (isIgnored(heard)) throw new Error(`ignored: ${heard.ignored}`);
  return heard;
}

const statements = (said: Notification, meter?: string): Sample[] =>
  batch(said).samples.filter((sample) => sample.stance === "states" && (meter ?? sample.meter) === sample.meter);

const outline = ({ stance, dimensions, at }: Sample): string => `${stance} ${dimensions["state"]} ${iso(at)}`;

const hasRun = ({ payload }: Notification): boolean => JSON.stringify(payload).includes('"launched_at":"2026');

/** A captured notification with other values wherever these fields stand. */
function bent(
  notification: Notification,
  { type = notification.type, ...fields }: Payload & { type?: string },
): Notification {
  const put = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, said]) => [name, name in fields ? fields[name] : put(said)] as const),
    );
  };
  return { ...notification, type, payload: put(notification.payload) as Payload };
}
