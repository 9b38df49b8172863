import { instant } from "@raingauge/domain";
import { recording } from "@raingauge/harness";
import type { Payload } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { MalformedAnswer } from "./fields.ts";
import { type Described, samplesOf } from "./resource.ts";
import { SOURCES } from "./sources.ts";

// What the recorded answers come to beside what was notified is in test/journeys; here they are bent into what was not there.
const read = (name: string, said: Payload): Described | undefined =>
  (SOURCES.find((source) => source.name === name) ?? expect.fail()).read(said).resource;

const listed = (name: string, key: string, index = 0): Payload =>
  (recording(name).body as Readonly<Record<string, readonly Payload[]>>)[key]?.[index] ?? expect.fail();

const MACHINE = listed("nova.servers_detail.latest", "servers");
const VOLUME = listed("cinder.volumes_detail.latest", "volumes");
const BACKUP = { ...listed("cinder.backups_detail", "backups"), "os-backup-project-attr:project_id": "acme" };
const IMAGE = listed("glance.images", "images", 4);
// As Cinder's API reference has it; the recorded cloud had none left.
const SNAPSHOT = {
  id: "b1323cda-8e4b-41c1-afc5-2fc791809c8c",
  status: "available",
  size: 1,
  created_at: "2026-11-23T00:34:28.000000",
  volume_id: VOLUME["id"],
  "os-extended-snapshot-attributes:project_id": "acme",
};

describe("a machine of Nova's", () => {
  it("is what it is since its last launch", () => {
    expect(read("nova.sweep", MACHINE)).toEqual({
      source: "nova",
      project: "8eb3fab7821249c7af3cbd737437eebf",
      amounts: [
        ["instance", 1n],
        ["vcpus", 1n],
        ["memory", 512n * 1024n ** 2n],
        ["disk.root.size", 1024n ** 3n],
        ["disk.ephemeral.size", 0n],
      ],
      dimensions: {
        flavor: "m1.tiny",
        state: "active",
        image: "fb207cfc-dc2b-48dd-8550-360b736f0d22",
        availability_zone: "nova",
      },
      looks: {
        type: "instance",
        attributes: {
          name: "acme-stack-1795394381-srv-bk7q2bxfwdfv",
          host: "compute-01",
          user: "2163f8fe29de4aebadf402cda83ca4de",
          state: "active",
        },
        changedAt: instant("2026-11-23T00:41:58Z"),
      },
      known: [{ stance: "states", at: instant("2026-11-23T00:39:48Z"), state: "active" }],
      now: "states",
    });
  });

  it("is only there while something is being done to it", () => {
    const busy = read("nova.sweep", { ...MACHINE, "OS-EXT-STS:task_state": "resize_finish" });

    expect(busy?.now).toBe("sights");
    expect(busy?.known.map(({ stance }) => stance)).toEqual(["sights"]);
  });

  it("that never came up is not billed", () => {
    expect(read("nova.sweep", { ...MACHINE, "OS-SRV-USG:launched_at": null })).toBeUndefined();
  });

  it("that was soft-deleted is there, and is so since nobody knows when", () => {
    const kept = read("nova.sweep", { ...MACHINE, "OS-EXT-STS:vm_state": "soft-delete" });

    expect(kept).toMatchObject({ now: "states", dimensions: { state: "soft-delete" } });
  });

  it("ends with its hypervisor, or else was gone by its last change", () => {
    const deleted = { ...MACHINE, "OS-EXT-STS:vm_state": "deleted", updated: "2026-11-23T00:50:01Z" };
    const ended = read("nova.sweep", { ...deleted, "OS-SRV-USG:terminated_at": "2026-11-23T00:50:00.000000" });
    const lost = read("nova.sweep", deleted);

    expect(ended?.known.at(-1)).toEqual({ stance: "ends", at: instant("2026-11-23T00:50:00Z"), state: "active" });
    expect(lost?.known.at(-1)).toEqual({ stance: "vanishes", at: instant("2026-11-23T00:50:01Z"), state: "active" });
    expect([ended?.now, lost?.now]).toEqual([undefined, undefined]);
  });
});

describe("storage of Cinder's", () => {
  it.each(["creating", "downloading", "error", "error_managing"])("that is %s is not billed", (status) => {
    expect(read("cinder.volumes.sweep", { ...VOLUME, status })).toBeUndefined();
    expect(read("cinder.snapshots.sweep", { ...SNAPSHOT, status })).toBeUndefined();
  });

  it.each([
    ["in-use", "available"],
    ["extending", "available"],
    ["error_deleting", "error"],
  ])("that is %s is %s to a price", (status, state) => {
    expect(read("cinder.volumes.sweep", { ...VOLUME, status })?.dimensions["state"]).toBe(state);
  });

  it("is billed once while it migrates", () => {
    const copy = { ...VOLUME, migration_status: `target:${VOLUME["id"]}` };

    expect(read("cinder.volumes.sweep", copy)).toBeUndefined();
    expect(read("cinder.volumes.sweep", { ...VOLUME, migration_status: "migrating" })).toBeDefined();
  });

  it("has its type's id and never its name", () => {
    const { volume_type_id: _, ...old } = VOLUME;

    expect(read("cinder.volumes.sweep", VOLUME)?.dimensions["volume_type"]).toBe(VOLUME["volume_type_id"]);
    expect(() => read("cinder.volumes.sweep", old)).toThrow(MalformedAnswer);
    expect(read("cinder.volumes.sweep", { ...old, volume_type: null })?.dimensions["volume_type"]).toBe("");
  });

  it("that was copied is there since it was made", () => {
    const known = [{ stance: "states", at: instant("2026-11-23T00:34:28Z"), state: "available" }];

    expect(read("cinder.snapshots.sweep", SNAPSHOT)).toMatchObject({
      known,
      amounts: [["snapshot.size", 1024n ** 3n]],
    });
    expect(read("cinder.backups.sweep", BACKUP)).toMatchObject({ known, amounts: [["backup.size", 1024n ** 3n]] });
  });
});

describe("an image of Glance's", () => {
  it("that has no owner or no data is not billed", () => {
    expect(read("glance.sweep", IMAGE)).toBeDefined();
    expect(read("glance.sweep", { ...IMAGE, owner: null })).toBeUndefined();
    expect(read("glance.sweep", { ...IMAGE, status: "queued", size: null })).toBeUndefined();
  });
});

describe("a floating address", () => {
  it("is told as it is now since its last change, and as being there since its creation", () => {
    const address = read("neutron.floatingips.sweep", listed("neutron.floatingips", "floatingips", 1));

    expect(address?.dimensions["state"]).toBe("associated");
    expect(address?.known).toEqual([
      { stance: "sights", at: instant("2026-11-23T00:34:16Z"), state: "unassociated" },
      { stance: "states", at: instant("2026-11-23T00:36:17Z") },
    ]);
  });
});

it("a reading holds from the second in which it was asked for, and one sweep's differs from the next", () => {
  const said = { id: "a", resource: read("cinder.volumes.sweep", VOLUME) ?? expect.fail() };
  const hearing = { region: "one", message: "m", newsFrom: instant("2026-11-23T00:00:00Z") };

  const [reading] = samplesOf(said, { ...hearing, askedAt: instant("2026-11-23T01:00:00.900Z") });

  expect(reading).toMatchObject({
    at: instant("2026-11-23T01:00:00Z"),
    origin: "api",
    source: "cinder",
    resource: "a",
  });
});

it.each<[string, Payload, string]>([
  ["cinder.volumes.sweep", VOLUME, "volume.size"],
  ["cinder.backups.sweep", BACKUP, "backup.size"],
  ["cinder.snapshots.sweep", SNAPSHOT, "snapshot.size"],
  ["glance.sweep", IMAGE, "image.size"],
])("%s tells how large a thing is", (name, said, meter) => {
  const size = BigInt(Number(said["size"]));

  expect(read(name, said)?.amounts).toEqual([[meter, name === "glance.sweep" ? size : size * 1024n ** 3n]]);
});
