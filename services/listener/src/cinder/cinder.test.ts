import { describe, expect, it } from "vitest";
import { finder } from "../captured.ts";
import { batchOf, bent, made, outlines } from "../made.ts";

const capturedOf = finder();

describe("Cinder's notifications", () => {
  it("bill a backup from when it was asked for until it was deleted", () => {
    const deleted = capturedOf("backup.delete.end", ({ payload }) => payload["audit_period_ending"] === undefined);

    expect(outlines(deleted)).toEqual([
      `sights backup.size 1073741824 2026-11-23T00:35:19Z ${deleted.payload["tenant_id"]} available`,
      `ends backup.size 1073741824 2026-11-23T00:35:50Z ${deleted.payload["tenant_id"]} available`,
    ]);
  });

  it("end a backup at the time of its deletion when the audit tells that again", () => {
    const retold = capturedOf("backup.delete.end", ({ payload }) => payload["audit_period_ending"] !== undefined);
    const first = capturedOf(
      "backup.delete.end",
      ({ payload }) =>
        payload["backup_id"] === retold.payload["backup_id"] && payload["audit_period_ending"] === undefined,
    );

    const ends = [retold, first].map((one) => batchOf(one).samples.find(({ stance }) => stance === "ends")?.at ?? 0);

    expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 0))).toBeLessThanOrEqual(1_000);
  });

  it("change a volume's type from the second in which it was retyped", () => {
    const retyped = { ...bent(capturedOf("volume.create.end"), { volume_type: "other" }), type: "volume.retype" };

    expect(batchOf(retyped).samples.at(-1)).toMatchObject({ stance: "states", dimensions: { volume_type: "other" } });
  });

  it.each([
    ["volume.manage_existing.end", "volume.create.end", "states volume.size"],
    ["volume.unmanage.end", "volume.delete.end", "ends volume.size"],
    ["snapshot.manage_existing_snapshot.end", "snapshot.create.end", "states snapshot.size"],
    ["snapshot.unmanage.end", "snapshot.delete.end", "ends snapshot.size"],
  ])("take what is managed and let go of what is not: %s", (type, from, expected) => {
    const heard = outlines({ ...capturedOf(from), type });

    expect(heard.at(-1)).toContain(expected);
  });

  it("give a volume's snapshots to the project that accepted the volume", () => {
    const snapshot = capturedOf("snapshot.create.end");
    const accepted = { ...snapshot, type: "snapshot.transfer.accept.end", actor: { project: "taker" } };

    expect(batchOf(accepted).samples.at(-1)).toMatchObject({ stance: "states", project: "taker" });
  });

  it.each([
    ["group.create.end", "group_id", "volume_group"],
    ["consistencygroup.delete.end", "consistencygroup_id", "volume_group"],
    ["group_snapshot.create.end", "group_snapshot_id", "volume_group_snapshot"],
    ["cgsnapshot.delete.end", "cgsnapshot_id", "volume_group_snapshot"],
  ])("tell of a group, whose volumes are billed by themselves: %s", (type, field, resourceType) => {
    const heard = batchOf(
      made(type, { [field]: "g1", tenant_id: "acme", user_id: "u", name: "db", status: "available" }),
    );

    expect(heard).toMatchObject({
      samples: [],
      events: [{ resource: "g1", resourceType, project: "acme", attributes: { name: "db", user: "u" } }],
    });
  });
});
