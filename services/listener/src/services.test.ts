import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { at, HOUR_MS, instant, iso, measure, meterNamed, type Sample, SECOND_MS } from "@raingauge/domain";
import type { Notification, Payload } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { captured, finder, samplesOf } from "./captured.ts";
import { isIgnored } from "./heard.ts";
import { translate } from "./translate.ts";

const capturedOf = finder();
const readings = samplesOf(captured());
const HOUR = { start: instant("2026-11-23T00:00:00Z"), end: instant("2026-11-23T01:00:00Z") };

describe("the captured volumes", () => {
  it("are billed from their launch to their deletion, and by their size in between", () => {
    // Made with 1 GiB, extended to 3 GiB a second later, and still there.
    expect(usage("volume.size", "0c78c8")).toEqual([{ seconds: 1n * 1n + 1541n * 3n, state: "available" }]);
    // Deleted at 00:39:40 by its own notification; the audit tells it again at 00:43, with the same second.
    expect(usage("volume.size", "cee04f")).toEqual([{ seconds: 322n, state: "available" }]);
  });

  it("are split between two projects at the second of a transfer", () => {
    const accepted = capturedOf("volume.transfer.accept.end");
    const taken = { ...accepted, actor: { project: "taker" } };
    const mine = readings.filter(
      ({ resource, meter, sequence }) =>
        resource === accepted.payload["volume_id"] && meter === "volume.size" && sequence < accepted.microseconds,
    );

    const usages = measured("volume.size", [...mine, ...samples(taken)]);

    expect(usages.map(({ project, quantity }) => [project, quantity / (3n * 1024n ** 3n * 1000n)])).toEqual([
      [accepted.payload["tenant_id"], 88n],
      ["taker", 1450n],
    ]);
  });

  it("are not stated anew by an audit that tells their creation again, with what they have become since", () => {
    const retold = capturedOf("volume.create.end", ({ payload }) => payload["audit_period_ending"] !== undefined);

    expect(samples(retold).map(({ stance }) => stance)).toEqual(["sights"]);
  });

  it("end when the audit says that they did, where their own notification was lost", () => {
    const retold = capturedOf(
      "volume.delete.end",
      ({ payload }) =>
        payload["volume_id"]?.toString().startsWith("cee04f") === true && payload["audit_period_ending"] !== undefined,
    );

    expect(samples(retold).map(outline)).toEqual(["sights 2026-11-23T00:34:18Z", "ends 2026-11-23T00:39:40Z"]);
  });

  it("are stated and covered by an audit of the hour that is over", () => {
    const period = {
      audit_period_beginning: "2026-11-23 00:00:00+00:00",
      audit_period_ending: "2026-11-23 01:00:00+00:00",
    };
    const found = capturedOf("volume.exists", ({ payload }) => payload["status"] === "available");
    const heard = batch({ ...bent(found, period), microseconds: Date.parse("2026-11-23T01:02:03Z") * 1_000 });

    expect(heard.samples.map(outline).at(-1)).toBe("states 2026-11-23T01:02:03Z");
    expect(heard.coverage).toMatchObject([
      { source: "cinder.audit", confirms: { resourceTypes: ["volume", "snapshot", "backup"] } },
    ]);
  });

  it("keep their price while they are attached, extended or backed up, and are told apart when they failed", () => {
    for (const [status, state] of [
      ["in-use", "available"],
      ["extending", "available"],
      ["error_extending", "error"],
    ]) {
      const said = bent(capturedOf("volume.resize.end"), { status });
      expect(samples(said).at(-1)?.dimensions["state"]).toBe(state);
    }
  });

  it("are not billed before they were usable", () => {
    expect(samples(bent(capturedOf("volume.create.end"), { launched_at: null, status: "error" }))).toEqual([]);
  });
});

describe("the captured snapshots, images and addresses", () => {
  it.each([
    // made, gone, how many bytes
    {
      meter: "snapshot.size",
      resource: "9ebe65",
      seconds: 39n * 60n + 39n - 34n * 60n - 24n,
      amount: 3n * 1024n ** 3n,
    },
    { meter: "image.size", resource: "560d30", seconds: 3600n - 34n * 60n - 15n, amount: 2_097_152n },
  ])("are billed for their bytes and their seconds: $meter", ({ meter, resource, seconds, amount }) => {
    const total = measured(meter, of(meter, resource)).reduce((sum, { quantity }) => sum + quantity, 0n);

    expect(total).toBe(seconds * amount * BigInt(SECOND_MS));
  });

  it("bill an address as associated from when it got its port, to when it lost it", () => {
    expect(usage("ip.floating", "2954ff", 1n)).toEqual([
      { seconds: 39n * 60n + 26n - 36n * 60n - 18n, state: "associated" },
      { seconds: 36n * 60n + 18n - 34n * 60n - 14n + 60n * 60n - 39n * 60n - 26n, state: "unassociated" },
    ]);
  });

  it("end an address of which an older Neutron says no more than its id", () => {
    const { actor, payload, ...rest } = capturedOf("floatingip.delete.end");
    const bare = { ...rest, actor: { project: "acme" }, payload: { floatingip_id: payload["floatingip_id"] } };

    expect(samples(bare)).toMatchObject([{ stance: "ends", project: "acme", resource: payload["floatingip_id"] }]);
    expect(() => batch({ ...bare, actor: {} })).toThrow("neither the floatingip nor its project");
  });

  it("bill nobody for an image that belongs to nobody, and nothing for one that has no data yet", () => {
    const made = capturedOf("image.create");

    expect(translate(bent(capturedOf("image.activate"), { owner: null }), { region: "one" })).toEqual({
      ignored: "not_metered",
    });
    expect(samples(made)).toEqual([]);
  });

  it("state what an image's visibility becomes, and end it even where its size is no longer known", () => {
    const shared = bent(
      capturedOf("image.update", ({ payload }) => payload["status"] === "active"),
      { visibility: "public" },
    );

    expect(samples(shared)).toMatchObject([{ stance: "states", dimensions: { visibility: "public" } }]);
    expect(samples(capturedOf("image.delete"))).toMatchObject([{ stance: "ends" }]);
  });
});

it("reads the same amounts as Ceilometer out of every notification that both use", () => {
  const ours = new Map(
    readings.map((sample) => [`${sample.meter} ${sample.resource} ${sample.sequence}`, sample.value]),
  );
  const compared = ceilometers().flatMap(({ name, resource_id, timestamp, volume }) => {
    const unit = UNITS.get(name);
    const value = ours.get(`${name} ${resource_id} ${micros(timestamp)}`);
    return unit === undefined || value === undefined
      ? []
      : [{ name, resource_id, ours: value, theirs: BigInt(volume ?? 0) * unit }];
  });

  expect(new Set(compared.map(({ name }) => name))).toEqual(new Set(UNITS.keys()));
  expect(compared.filter((each) => each.ours !== each.theirs)).toEqual([]);
});

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["vcpus", 1n],
  ["memory", 1024n ** 2n],
  ["disk.root.size", 1024n ** 3n],
  ["disk.ephemeral.size", 1024n ** 3n],
  ["volume.size", 1024n ** 3n],
  ["snapshot.size", 1024n ** 3n],
  ["backup.size", 1024n ** 3n],
  ["image.download", 1n],
  ["image.serve", 1n],
  ["storage.objects.incoming.bytes", 1n],
  ["storage.objects.outgoing.bytes", 1n],
  ["image.size", 1n],
]);

interface CeilometerSample {
  readonly name: string;
  readonly resource_id: string;
  readonly timestamp: string;
  readonly volume: number | null;
}

function ceilometers(): readonly CeilometerSample[] {
  const file = new URL("../../../test/captures/ceilometer/samples.notifications.jsonl.gz", import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Its timestamps are the envelopes'. */
const micros = (timestamp: string): number =>
  Date.parse(`${timestamp.slice(0, 19)}Z`) * 1_000 + Number((timestamp.slice(20).split("+")[0] ?? "").padEnd(6, "0"));

const batch = (notification: Notification) => {
  const heard = translate(notification, { region: "one" });
  if (isIgnored(heard)) throw new Error(`ignored: ${heard.ignored}`);
  return heard;
};

const samples = (notification: Notification): readonly Sample[] => batch(notification).samples;

const bent = (notification: Notification, fields: Payload): Notification => ({
  ...notification,
  payload: { ...notification.payload, ...fields },
});

const outline = ({ stance, at: moment }: Sample): string => `${stance} ${iso(moment)}`;

const of = (meter: string, resource: string): Sample[] =>
  readings.filter((sample) => sample.meter === meter && sample.resource.startsWith(resource));

function measured(name: string, some: readonly Sample[]) {
  const meter = meterNamed(name);
  if (meter === undefined) throw new Error(`no such meter: ${name}`);
  const watch = { confirmations: [], listening: [{ start: HOUR.start, end: at(HOUR.end + HOUR_MS) }] };
  return measure(meter, some, HOUR, watch);
}

/** In seconds times the unit, which for storage is one GiB. */
const usage = (meter: string, resource: string, unit = 1024n ** 3n) =>
  measured(meter, of(meter, resource)).map(({ dimensions, quantity }) => ({
    seconds: quantity / unit / BigInt(SECOND_MS),
    state: dimensions["state"],
  }));
