import type { Meter } from "../meter.ts";
import { counter, gauge, hosted } from "./row.ts";
import { BYTES, each, KIBIBYTES, NANOSECONDS, PERCENT, type Unit, unitOf } from "./unit.ts";

/**
 * What a host of the cloud does with itself, under the names that Ceilometer had when it asked hosts over SNMP. To be looked at:
 * no project owns a host.
 */
const measured = (name: string, of: Unit, file: string, type = "host"): Meter =>
  gauge(name, { of, type, sources: [hosted(file)], isPriceable: false });

const counted = (name: string, of: Unit, file: string, type = "host", ...aliases: string[]): Meter =>
  counter(name, { of, type, sources: [hosted(file)], isPriceable: false, aliases });

const LOAD = unitOf("milliload", "load", 1_000n);
const time = (name: string, ...aliases: string[]): Meter =>
  counted(`hardware.cpu.${name}`, NANOSECONDS, "/proc/stat", "host", ...aliases);
const load = (minutes: number): Meter => measured(`hardware.cpu.load.${minutes}min`, LOAD, "/proc/loadavg");
const memory = (name: string, field: string): Meter =>
  measured(`hardware.memory.${name}`, KIBIBYTES, `/proc/meminfo ${field}`);
const disk = (name: string, of: Unit): Meter => counted(`hardware.disk.${name}`, of, "/proc/diskstats", "host_disk");
const network = (name: string, of: Unit): Meter =>
  counted(`hardware.network.${name}`, of, "/proc/net/dev", "host_network_interface");

export const HOST: readonly Meter[] = [
  measured("hardware.cpu.count", each("cpu"), "/proc/stat"),
  measured("hardware.cpu.util", PERCENT, "/proc/stat"),
  measured("hardware.system_stats.cpu.idle", PERCENT, "/proc/stat"),
  ...[1, 5, 15].map(load),
  time("user"),
  time("nice"),
  time("system", "hardware.cpu.kernel"),
  time("idle"),
  time("wait"),
  time("interrupt"),
  time("steal"),
  time("guest"),
  memory("total", "MemTotal"),
  memory("used", "MemTotal - MemAvailable"),
  memory("buffer", "Buffers"),
  memory("cached", "Cached"),
  memory("swap.total", "SwapTotal"),
  memory("swap.avail", "SwapFree"),
  measured("hardware.disk.size.total", KIBIBYTES, "statfs", "host_disk"),
  measured("hardware.disk.size.used", KIBIBYTES, "statfs", "host_disk"),
  disk("read.bytes", BYTES),
  disk("write.bytes", BYTES),
  disk("read.requests", each("request")),
  disk("write.requests", each("request")),
  ...["incoming", "outgoing"].flatMap((way) => [
    network(`${way}.bytes`, BYTES),
    ...["packets", "errors", "drops"].map((what) => network(`${way}.${what}`, each("packet"))),
    counted(`hardware.network.ip.${way}.datagrams`, each("datagram"), "/proc/net/snmp"),
  ]),
];
