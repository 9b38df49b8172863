/** What a disk or an interface has counted since it came up. */
export interface Counted {
  readonly name: string;
  readonly counts: Readonly<Record<string, bigint>>;
}

/** The kernel counts in these, whatever a disk calls a sector. */
const SECTOR_BYTES = 512n;

/** `/proc/diskstats`. */
export const disksIn = (diskstats: string): Counted[] =>
  lines(diskstats).flatMap((line) => {
    const [, , name = "", reads, , sectorsRead, , writes, , sectorsWritten] = line.split(/\s+/);
    const counts = numbers({ reads, sectorsRead, writes, sectorsWritten });
    if (counts === undefined) return [];
    return [
      {
        name,
        counts: {
          "hardware.disk.read.requests": counts.reads,
          "hardware.disk.write.requests": counts.writes,
          "hardware.disk.read.bytes": counts.sectorsRead * SECTOR_BYTES,
          "hardware.disk.write.bytes": counts.sectorsWritten * SECTOR_BYTES,
        },
      },
    ];
  });

/** `/proc/<n>/net/dev`: two lines of headings, then an interface a line. */
export const interfacesIn = (dev: string): Counted[] =>
  lines(dev)
    .slice(2)
    .flatMap((line) => {
      const colon = line.lastIndexOf(":");
      const said = line
        .slice(colon + 1)
        .trim()
        .split(/\s+/);
      const [bytesIn, packetsIn, errorsIn, dropsIn] = said;
      const [bytesOut, packetsOut, errorsOut, dropsOut] = said.slice(8);
      const counts = numbers({ bytesIn, packetsIn, errorsIn, dropsIn, bytesOut, packetsOut, errorsOut, dropsOut });
      if (colon < 1 || counts === undefined) return [];
      return [
        {
          name: line.slice(0, colon),
          counts: {
            "hardware.network.incoming.bytes": counts.bytesIn,
            "hardware.network.incoming.packets": counts.packetsIn,
            "hardware.network.incoming.errors": counts.errorsIn,
            "hardware.network.incoming.drops": counts.dropsIn,
            "hardware.network.outgoing.bytes": counts.bytesOut,
            "hardware.network.outgoing.packets": counts.packetsOut,
            "hardware.network.outgoing.errors": counts.errorsOut,
            "hardware.network.outgoing.drops": counts.dropsOut,
          },
        },
      ];
    });

/** What `/proc/net/snmp` counts of IPv4 in all. */
export function datagramsIn(snmp: string): Counted["counts"] | undefined {
  const [names = "", values = ""] = lines(snmp).filter((line) => line.startsWith("Ip:"));
  const said = new Map(names.split(" ").map((name, index) => [name, values.split(" ")[index]]));
  const counts = numbers({ incoming: said.get("InReceives"), outgoing: said.get("OutRequests") });
  return (
    counts && {
      "hardware.network.ip.incoming.datagrams": counts.incoming,
      "hardware.network.ip.outgoing.datagrams": counts.outgoing,
    }
  );
}

/** A file system that stands on a device, once for each device, where all of it is mounted rather than a part, at the shortest of its places. */
export interface Mounted {
  readonly path: string;
  /** `major:minor`. */
  readonly device: string;
}

/** `/proc/<n>/mountinfo`. What stands on nothing under `/dev` (memory, the network) has no room of this host's. */
export function mountedIn(mountinfo: string): Mounted[] {
  const found = lines(mountinfo).flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , device = "", part = "", path = ""] = before.split(" ");
    const [type = "", from = ""] = after.split(" ");
    return from.startsWith("/dev/") && !READ_ONLY_TYPES.has(type)
      ? [{ device, path: unescaped(path), isPart: part !== "/" }]
      : [];
  });
  const shortest = found.toSorted(
    (a, b) => Number(a.isPart) - Number(b.isPart) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
  );
  return [...Map.groupBy(shortest, ({ device }) => device).values()].flatMap(([first]) => first ?? []);
}

/** Images of something else; they are always full. */
const READ_ONLY_TYPES: ReadonlySet<string> = new Set(["squashfs", "iso9660", "erofs", "udf"]);

/** A blank in a path is written `\040`. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** All of them or none: a line that makes no sense says nothing. */
function numbers<K extends string>(written: Readonly<Record<K, string | undefined>>): Record<K, bigint> | undefined {
  const entries = Object.entries<string | undefined>(written);
  if (!entries.every(([, each]) => each !== undefined && /^\d{1,18}$/.test(each))) return undefined;
  return Object.fromEntries(entries.map(([name, each]) => [name, BigInt(each ?? 0)])) as Record<K, bigint>;
}
