import type { Meter } from "../meter.ts";
import { counter, existence, gauge, heard, libvirt, type Row, swept } from "./row.ts";
import { each, GIBIBYTES, MEBIBYTES, MEGAHERTZ, NANOSECONDS, PERCENT, SECONDS } from "./unit.ts";

/** What was ordered of an instance. What the guest makes of it is measured by libvirt, under other names. */
const INSTANCE = {
  type: "instance",
  dimensions: ["flavor", "state", "image", "availability_zone"],
  sources: [
    heard("compute.instance.*, instance.*"),
    libvirt("the flavor in the domain's metadata"),
    swept("nova GET /servers/detail"),
  ],
};

/** Nova's monitor of its hosts, off by default. It is there to be looked at: no project owns a host. */
const NODE = { type: "nova_compute", sources: [heard("compute.metrics.update")], isPriceable: false };
const NODE_TIME: Row = { ...NODE, of: NANOSECONDS };
const NODE_SHARE: Row = { ...NODE, of: PERCENT };

export const NOVA: readonly Meter[] = [
  existence("instance", { ...INSTANCE, of: each("instance") }),
  existence("vcpus", { ...INSTANCE, of: each("vcpu") }),
  existence("memory", { ...INSTANCE, of: MEBIBYTES }),
  existence("disk.root.size", { ...INSTANCE, of: GIBIBYTES }),
  existence("disk.ephemeral.size", { ...INSTANCE, of: GIBIBYTES }),
  gauge("compute.instance.booting.time", {
    of: SECONDS,
    type: "instance",
    sources: [heard("compute.instance.create.end, instance.create.end")],
    isPriceable: false,
  }),
  gauge("compute.node.cpu.frequency", { ...NODE, of: MEGAHERTZ }),
  counter("compute.node.cpu.user.time", NODE_TIME),
  counter("compute.node.cpu.kernel.time", NODE_TIME),
  counter("compute.node.cpu.idle.time", NODE_TIME),
  counter("compute.node.cpu.iowait.time", NODE_TIME),
  gauge("compute.node.cpu.user.percent", NODE_SHARE),
  gauge("compute.node.cpu.kernel.percent", NODE_SHARE),
  gauge("compute.node.cpu.idle.percent", NODE_SHARE),
  gauge("compute.node.cpu.iowait.percent", NODE_SHARE),
  gauge("compute.node.cpu.percent", NODE_SHARE),
];
