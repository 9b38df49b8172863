import { type Counted, datagramsIn, disksIn, interfacesIn, mountedIn } from "./devices.ts";
import type { HostFiles } from "./host-files.ts";
import { type Memory, memoryIn } from "./memory.ts";
import { loadsIn, type Processors, processorsIn } from "./processor.ts";

/** What a host says of itself at one moment. A part that it does not tell, or tells of something else, is absent. */
export interface Hardware {
  /** Another one each time the host starts. */
  readonly boot: string | undefined;
  readonly processors: Processors | undefined;
  readonly loads: readonly bigint[] | undefined;
  readonly memory: Memory | undefined;
  readonly disks: readonly Counted[];
  readonly interfaces: readonly Counted[];
  readonly datagrams: Counted["counts"] | undefined;
  readonly fileSystems: readonly FileSystem[];
  /** What was left out, since it is not known to be the host's. */
  readonly left: readonly Part[];
}

export interface FileSystem {
  readonly path: string;
  readonly totalBytes: bigint;
  readonly usedBytes: bigint;
}

export type Part = "processors" | "loads" | "memory" | "disks" | "interfaces" | "fileSystems";

/**
 * In a container the same files may speak of the container: its own network and its own mounts, and memory and processors
 * where something is laid over them (lxcfs does that). Whatever is not known to be the host's is left out.
 */
export async function hardwareOf(files: HostFiles): Promise<Hardware> {
  const isHosts = files.isApart || (await files.link("proc/self/ns/pid")) === FIRST_PROCESSES;
  const covered = files.isApart ? new Set<string>() : coveredIn((await files.text("proc/self/mountinfo")) ?? "");
  const left: Part[] = [];
  const told = async (part: Part, file: string, isOurs = true): Promise<string | undefined> => {
    const text = isOurs && !covered.has(`/${file}`) ? await files.text(file) : undefined;
    if (text === undefined && !left.includes(part)) left.push(part);
    return text;
  };
  const parsed = <T>(text: string | undefined, parse: (text: string) => T): T | undefined =>
    text === undefined ? undefined : parse(text);
  const physical = async (found: readonly Counted[], folder: string): Promise<Counted[]> => {
    const known = await Promise.all(found.map(({ name }) => files.isThere(`${folder}/${pathed(name)}/device`)));
    return found.filter((_, index) => known[index] === true);
  };

  return {
    boot: (await files.text("proc/sys/kernel/random/boot_id"))?.trim(),
    processors: parsed(await told("processors", "proc/stat"), processorsIn),
    loads: parsed(await told("loads", "proc/loadavg"), loadsIn),
    memory: parsed(await told("memory", "proc/meminfo"), memoryIn),
    disks: await physical(parsed(await told("disks", "proc/diskstats"), disksIn) ?? [], "sys/block"),
    interfaces: await physical(
      parsed(await told("interfaces", "proc/1/net/dev", isHosts), interfacesIn) ?? [],
      "sys/class/net",
    ),
    datagrams: parsed(await told("interfaces", "proc/1/net/snmp", isHosts), datagramsIn),
    fileSystems: await roomsOf(files, (await told("fileSystems", "proc/1/mountinfo", isHosts)) ?? ""),
    left,
  };
}

/** The kernel has one number for the processes that are in no container, since 3.8. */
const FIRST_PROCESSES = "pid:[4026531836]";

/** `cciss/c0d0` is `cciss!c0d0` where it is a folder. */
const pathed = (name: string): string => name.replaceAll("/", "!");

const coveredIn = (mountinfo: string): Set<string> =>
  new Set(mountinfo.split("\n").flatMap((line) => /^(?:\S+ ){4}(\/proc\/\S+)/.exec(line)?.[1] ?? []));

/** Only where we look at the very device that the host's table names: our own mounts may be others. */
async function roomsOf(files: HostFiles, mountinfo: string): Promise<FileSystem[]> {
  const found = await Promise.all(
    mountedIn(mountinfo).map(async ({ path, device }): Promise<FileSystem[]> => {
      const room = await files.room(path);
      if (room === undefined || room.device !== device || room.totalBytes === 0n) return [];
      return [{ path, totalBytes: room.totalBytes, usedBytes: room.totalBytes - room.freeBytes }];
    }),
  );
  return found.flat();
}
