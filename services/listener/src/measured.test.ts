import { describe, expect, it } from "vitest";
import { finder } from "./captured.ts";
import { batchOf, made } from "./made.ts";

const readings = (notification: ReturnType<typeof made>): string[] =>
  batchOf(notification).samples.map(({ meter, value, resource, project, stance }) =>
    [meter, String(value), resource, project, stance].join(" "),
  );

const GIB = 2 ** 30;

describe("what belongs to no project", () => {
  it("is told of a back end's and a pool's room, but for what has no bound", () => {
    expect(readings(finder()("capacity.backend"))).toEqual([
      `volume.provider.capacity.total ${4_096 * GIB} storage-01@fast - states`,
      `volume.provider.capacity.free ${4_096 * GIB} storage-01@fast - states`,
      "volume.provider.capacity.allocated 0 storage-01@fast - states",
      "volume.provider.capacity.provisioned 0 storage-01@fast - states",
      `volume.provider.capacity.virtual_free ${81_920 * GIB} storage-01@fast - states`,
    ]);
    expect(
      readings(
        made("capacity.pool", {
          name_to_id: "a@b#c",
          total: 1,
          free: 1,
          allocated: 0.5,
          provisioned: 2,
          virtual_free: 3,
        }),
      ),
    ).toEqual([
      `volume.provider.pool.capacity.total ${GIB} a@b#c - states`,
      `volume.provider.pool.capacity.free ${GIB} a@b#c - states`,
      `volume.provider.pool.capacity.allocated ${GIB / 2} a@b#c - states`,
      `volume.provider.pool.capacity.provisioned ${2 * GIB} a@b#c - states`,
      `volume.provider.pool.capacity.virtual_free ${3 * GIB} a@b#c - states`,
    ]);
    expect(readings(made("capacity.pool", { name_to_id: "a", total: "infinite", free: "unknown" }))).toEqual([]);
  });

  const metric = (name: string, value: number) => ({ name, value, source: "libvirt.LibvirtDriver", timestamp: "" });
  const wrapped = (data: object) => ({ "nova_object.name": "a", "nova_object.data": data });

  it("is told of a host by Nova's monitor, the same in both formats", () => {
    const shares = ["user", "kernel", "idle", "iowait"];
    const times = shares.map((share) => metric(`cpu.${share}.time`, 5));
    const legacy = {
      ...{ host: "compute-1", nodename: "node-1" },
      metrics: [
        metric("cpu.frequency", 2_400),
        ...times,
        ...shares.map((share) => metric(`cpu.${share}.percent`, 0.25)),
        metric("cpu.percent", 0.75),
        metric("numa.membw", 1),
      ],
    };
    const versioned = wrapped({
      ...{ host: "compute-1", nodename: "node-1" },
      metrics: [
        metric("cpu.frequency", 2_400),
        ...times,
        ...shares.map((share) => metric(`cpu.${share}.percent`, 25)),
        metric("cpu.percent", 75),
      ].map(wrapped),
    });

    expect(readings(made("compute.metrics.update", legacy))).toEqual([
      "compute.node.cpu.frequency 2400000000 compute-1_node-1 - states",
      "compute.node.cpu.user.time 5 compute-1_node-1 - sights",
      "compute.node.cpu.kernel.time 5 compute-1_node-1 - sights",
      "compute.node.cpu.idle.time 5 compute-1_node-1 - sights",
      "compute.node.cpu.iowait.time 5 compute-1_node-1 - sights",
      "compute.node.cpu.user.percent 250000 compute-1_node-1 - states",
      "compute.node.cpu.kernel.percent 250000 compute-1_node-1 - states",
      "compute.node.cpu.idle.percent 250000 compute-1_node-1 - states",
      "compute.node.cpu.iowait.percent 250000 compute-1_node-1 - states",
      "compute.node.cpu.percent 750000 compute-1_node-1 - states",
    ]);
    expect(readings(made("metrics.update", versioned))).toEqual(readings(made("compute.metrics.update", legacy)));
  });

  it("is told of a machine's sensors by Ironic, but for those that are off or have no meter", () => {
    const sensor = (reading: string) => ({ "Sensor Reading": reading, "Sensor ID": "x", "Entity ID": "7.1" });
    const payload = {
      ...{ node_uuid: "node-1", event_type: "hardware.ipmi.metrics.update" },
      payload: {
        Temperature: { "DIMM GH VR (0x3b)": sensor("26 (+/- 0.500) degrees C"), "CPU (0x1)": sensor("Disabled") },
        Fan: { "FAN 4 (0x46)": sensor("6900 (+/- 0) RPM") },
        Voltage: { "Planar 12V (0x18)": sensor("12.312 (+/- 0.0) Volts") },
        Current: { "Avg Power (0x2e)": sensor("130 (+/- 0) Watts"), "CC (0x2f)": sensor("2.5 (+/- 0) Amps") },
      },
    };

    expect(readings(made("hardware.ipmi.metrics", payload))).toEqual([
      "hardware.ipmi.temperature 26000 node-1/DIMM GH VR (0x3b) - states",
      "hardware.ipmi.fan 6900 node-1/FAN 4 (0x46) - states",
      "hardware.ipmi.voltage 12312 node-1/Planar 12V (0x18) - states",
      "hardware.ipmi.current 2500 node-1/CC (0x2f) - states",
    ]);
  });

  it("is counted of who logged in, beside the event that says so", () => {
    const logged = batchOf(finder()("identity.authenticate"));

    expect(logged.events).toHaveLength(1);
    expect(readings(finder()("identity.authenticate"))).toEqual([
      "identity.authenticate.success 1 34c444b10add45c298d63882a0bbefe4 - states",
    ]);
    const outcome = (said: string) =>
      readings(made("identity.authenticate", { outcome: said, initiator: { id: "u" } }));
    expect([outcome("failure"), outcome("pending")]).toEqual([
      ["identity.authenticate.failure 1 u - states"],
      ["identity.authenticate.pending 1 u - states"],
    ]);
    expect(readings(made("identity.authenticate", { outcome: "unheard of", initiator: { id: "u" } }))).toEqual([]);
  });
});

it("each request that the audit middleware tells of is one, of the service that was asked", () => {
  const payload = { target: { id: "service-1" }, initiator: { project_id: "acme" }, requestPath: "/v1?token=hunter2" };

  expect(readings(made("audit.http.request", payload))).toEqual(["http.request 1 service-1 acme states"]);
  expect(readings(made("http.response", { target: { id: "service-1" } }))).toEqual([
    "http.response 1 service-1 - states",
  ]);
  expect(readings(made("http.response", {}))).toEqual([]);
});

it("how long a machine took to boot is measured once, in either format", () => {
  const machine = finder()("compute.instance.create.end");
  const booting = batchOf(machine).samples.filter(({ meter }) => meter === "compute.instance.booting.time");
  const seconds = (field: string): number =>
    Math.floor(Date.parse(`${String(machine.payload[field]).slice(0, 19).replace(" ", "T")}Z`) / 1_000);
  const [created, launched] = [seconds("created_at"), seconds("launched_at")];

  expect(launched - created).toBeGreaterThan(0);
  expect(booting.map(({ value, at }) => [Number(value), at])).toEqual([[launched - created, launched * 1_000]]);
});
