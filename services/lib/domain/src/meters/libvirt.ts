import type { Meter } from "../meter.ts";
import { counter, gauge, libvirt } from "./row.ts";
import { BYTES, each, MEBIBYTES, NANOSECONDS, type Unit } from "./unit.ts";

/** A counter of a disk or an interface is its instance's: which device it counts is part of the incarnation. */
const counted = (name: string, of: Unit, field: string, ...aliases: string[]): Meter =>
  counter(name, { of, type: "instance", sources: [libvirt(field)], aliases });

const measured = (name: string, of: Unit, field: string): Meter =>
  gauge(name, { of, type: "instance", sources: [libvirt(field)] });

/** A gauge of one disk: its resource is the disk, `<instance>-<device>`. */
const disk = (name: string, field: string): Meter =>
  gauge(name, { of: BYTES, type: "instance_disk", sources: [libvirt(field)] });

export const LIBVIRT: readonly Meter[] = [
  counted("cpu", NANOSECONDS, "vcpu.<n>.time"),
  /** What a guest calls steal: a virtual CPU was ready, and another had the processor. No work that anybody ordered. */
  { ...counted("cpu.steal", NANOSECONDS, "vcpu.<n>.delay"), isPriceable: false },
  measured("memory.usage", MEBIBYTES, "balloon.available - balloon.usable"),
  measured("memory.available", MEBIBYTES, "balloon.available"),
  measured("memory.resident", MEBIBYTES, "balloon.rss"),
  counted("memory.swap.in", MEBIBYTES, "balloon.swap_in"),
  counted("memory.swap.out", MEBIBYTES, "balloon.swap_out"),
  counted("disk.device.read.bytes", BYTES, "block.<n>.rd.bytes", "disk.read.bytes"),
  counted("disk.device.write.bytes", BYTES, "block.<n>.wr.bytes", "disk.write.bytes"),
  counted("disk.device.read.requests", each("request"), "block.<n>.rd.reqs", "disk.read.requests"),
  counted("disk.device.write.requests", each("request"), "block.<n>.wr.reqs", "disk.write.requests"),
  counted("disk.device.read.latency", NANOSECONDS, "block.<n>.rd.times"),
  counted("disk.device.write.latency", NANOSECONDS, "block.<n>.wr.times"),
  disk("disk.device.capacity", "block.<n>.capacity"),
  disk("disk.device.allocation", "block.<n>.physical"),
  disk("disk.device.usage", "block.<n>.allocation"),
  counted("network.incoming.bytes", BYTES, "net.<n>.rx.bytes", "network.incoming.bytes.delta"),
  counted("network.incoming.packets", each("packet"), "net.<n>.rx.pkts"),
  counted("network.incoming.packets.drop", each("packet"), "net.<n>.rx.drop"),
  counted("network.incoming.packets.error", each("packet"), "net.<n>.rx.errs"),
  counted("network.outgoing.bytes", BYTES, "net.<n>.tx.bytes", "network.outgoing.bytes.delta"),
  counted("network.outgoing.packets", each("packet"), "net.<n>.tx.pkts"),
  counted("network.outgoing.packets.drop", each("packet"), "net.<n>.tx.drop"),
  counted("network.outgoing.packets.error", each("packet"), "net.<n>.tx.errs"),
  counted("perf.cpu.cycles", each("cycle"), "perf.cpu_cycles"),
  counted("perf.instructions", each("instruction"), "perf.instructions"),
  counted("perf.cache.references", each("reference"), "perf.cache_references"),
  counted("perf.cache.misses", each("miss"), "perf.cache_misses"),
];
