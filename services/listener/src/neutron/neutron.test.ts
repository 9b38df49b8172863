import { describe, expect, it } from "vitest";
import { finder } from "../captured.ts";
import { batchOf, bent, made, outlines } from "../made.ts";
import { translate } from "../translate.ts";

const capturedOf = finder();

describe("Neutron's notifications", () => {
  it.each(["network", "subnet", "port"])("bill a captured %s from its creation to its deletion", (type) => {
    const deleted = capturedOf(`${type}.delete.end`);
    const { id, project_id: project } = deleted.payload[type] as Record<string, string>;
    const created = capturedOf(`${type}.create.end`, ({ payload }) => JSON.stringify(payload).includes(id ?? ""));

    const { created_at: since } = created.payload[type] as Record<string, string>;
    const until = new Date(Math.floor(deleted.microseconds / 1_000_000) * 1_000).toISOString().replace(".000", "");

    expect(outlines(created)).toEqual([`states ${type} 1 ${since} ${project} enabled`]);
    expect(outlines(deleted)).toEqual([
      `sights ${type} 1 ${since} ${project} enabled`,
      `ends ${type} 1 ${until} ${project} enabled`,
    ]);
  });

  it("tell apart what its owner has switched off", () => {
    const router = capturedOf("router.update.end");
    const off = bent(router, { router: { ...(router.payload["router"] as object), admin_state_up: false } });

    expect(outlines(off).at(-1)).toMatch(/^states router .* disabled$/);
  });

  it("bill nobody for what Neutron makes for itself", () => {
    const own = capturedOf(
      "port.exists",
      ({ payload }) => (payload["port"] as { project_id: string }).project_id === "",
    );

    expect(translate(own, { region: "one" })).toEqual({ ignored: "not_metered" });
  });

  it("take apart what was made in one request, each with an event of its own", () => {
    const networks = ["a", "b"].map((id) => ({ id, project_id: "acme", admin_state_up: true }));
    const { samples, events } = batchOf(made("network.create.end", { networks }));

    expect(samples.map(({ resource }) => resource)).toEqual(["a", "b"]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  // No such service ran where we recorded: made from the paths that Ceilometer reads.
  it.each([
    ["vpnservice", "network.services.vpn", "vpnservice"],
    ["ipsec_site_connection", "network.services.vpn.connections", "ipsec_site_connection"],
    ["firewall", "network.services.firewall", "firewall"],
    ["firewall_group", "network.services.firewall", "firewall"],
    ["firewall_policy", "network.services.firewall.policy", "firewall_policy"],
    ["router", "router", "router"],
  ])("bill a %s from when it was told until it was deleted, by an id alone if need be", (type, meter, resourceType) => {
    const thing = { id: "x", tenant_id: "acme", name: "edge", psk: "hunter2", admin_state_up: true };
    const created = made(`${type}.create.end`, { [type]: thing });
    const deleted = made(`${type}.delete.end`, { [`${type}_id`]: "x" }, { actor: { project: "acme" } });

    expect(outlines(created)).toEqual([`states ${meter} 1 2026-11-23T10:00:30Z acme enabled`]);
    expect(outlines(deleted)).toEqual([`ends ${meter} 1 2026-11-23T10:00:30Z acme enabled`]);
    expect(batchOf(created).events).toMatchObject([{ resource: "x", resourceType, attributes: { name: "edge" } }]);
  });

  it.each(["firewall_rule", "ikepolicy", "ipsecpolicy", "metering_label"])("only tell of a %s", (type) => {
    const heard = batchOf(made(`${type}.create.end`, { [type]: { id: "x", project_id: "acme", name: "n" } }));

    expect(heard).toMatchObject({ samples: [], events: [{ resource: "x", resourceType: type, project: "acme" }] });
  });

  it("count what passed under a label once for each report, in the second of the report", () => {
    const report = made("l3.meter", METER);
    const next = { ...report, messageId: "another" };

    expect(outlines(report)).toEqual(["states bandwidth 4711 2026-11-23T09:59:59Z acme"]);
    expect(batchOf(next).samples[0]?.id).not.toBe(batchOf(report).samples[0]?.id);
    expect(() => batchOf(bent(report, { bytes: -1 }))).toThrow("bytes is not a whole number");
    expect(() => batchOf(bent(report, { last_update: "yesterday" }))).toThrow("last_update is not a time");
  });
});

const METER = {
  tenant_id: "acme",
  label_id: "label",
  pkts: 12,
  bytes: 4711,
  time: 300,
  first_update: Date.parse("2026-11-23T09:55:00Z") / 1_000,
  last_update: Date.parse("2026-11-23T09:59:59Z") / 1_000 + 0.5,
  host: "network-01",
};
