import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Instant, iso } from "@raingauge/domain";
import { type Virsh, VirshFailed } from "@raingauge/poller";

/** A guest of the recording: its name in libvirt, and the XML that Nova wrote for it. */
export interface Guest {
  readonly uuid: string;
  readonly name: string;
  readonly xml: string;
  /** From when on it runs, in the time that it is played in. */
  readonly since: Instant;
}

/**
 * A hypervisor that answers from a recording: the statistics of a busy minute, told over and over, each round upon the one
 * before, so that every counter goes on growing as it did. `now` says when it is asked.
 */
export function recordedVirsh(series: string, guests: readonly Guest[], now: () => Instant): Virsh {
  const rounds = roundsOf(series);
  let asked = 0;
  return {
    report: async () => {
      const running = guests.filter(({ since }) => since <= now());
      const listed = running.map(({ uuid, name }, index) => `${uuid} ${index + 1} ${name}`);
      const told = running.flatMap(({ name }) => [`Domain: '${name}'`, ...(rounds.get(name)?.(asked) ?? []), ""]);
      asked += 1;
      return [...listed, ...told].join("\n");
    },
    describe: async (uuid) => {
      const guest = guests.find((each) => each.uuid === uuid);
      if (guest === undefined) throw new VirshFailed("failed", "no such domain");
      const written = iso(guest.since).slice(0, 19).replace("T", " ");
      return guest.xml.replace(/(<nova:creationTime>)[^<]*/, `$1${written}`);
    },
  };
}

/** For each guest, its statistics at the n-th asking. */
function roundsOf(series: string): ReadonlyMap<string, (asking: number) => string[]> {
  const told = new Map<string, string[][]>();
  for (const block of series.split(/^(?=Domain: |### )/m)) {
    const [head = "", ...lines] = block.split("\n");
    const name = /^Domain: '(.*)'$/.exec(head)?.[1];
    if (name !== undefined) told.set(name, [...(told.get(name) ?? []), lines.filter((line) => line.startsWith("  "))]);
  }
  return new Map([...told].map(([name, snapshots]) => [name, (asking: number) => snapshotAt(snapshots, asking)]));
}

/** A line that counts for ever, as libvirt names them; everything else is a state and stays as it was recorded. */
const COUNTS = /^ {2}((?:cpu|vcpu|net|block)\..*(?:time|times|user|system|wait|delay|bytes|pkts|reqs))=(\d+)$/;

function snapshotAt(snapshots: readonly (readonly string[])[], asking: number): string[] {
  const steps = snapshots.length - 1;
  const first = countersOf(snapshots[0] ?? []);
  const last = countersOf(snapshots[steps] ?? []);
  const round = BigInt(Math.floor(asking / steps));
  return (snapshots[asking % steps] ?? []).map((line) =>
    line.replace(COUNTS, (_, name: string, value: string) => {
      const growth = (last.get(name) ?? 0n) - (first.get(name) ?? 0n);
      return `  ${name}=${BigInt(value) + round * growth}`;
    }),
  );
}

function countersOf(lines: readonly string[]): ReadonlyMap<string, bigint> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = COUNTS.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, BigInt(value)] as const];
    }),
  );
}

const GUESTS = ["instance-00000001", "instance-00000002", "instance-00000003"];

/** The guests whose descriptions lie in a folder of recordings. `since` says from when on each runs; those it does not know are left out. */
export function recordedGuests(folder: string, since: ReadonlyMap<string, Instant>): Guest[] {
  return GUESTS.flatMap((name) => {
    const xml = readFileSync(join(folder, `${name}.dumpxml.xml`), "utf8");
    const uuid = /<uuid>([^<]+)<\/uuid>/.exec(xml)?.[1] ?? "";
    const started = since.get(uuid);
    return started === undefined ? [] : [{ uuid, name, xml, since: started }];
  });
}

export const recordedSeries = (path: string): string =>
  (path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString("utf8");
