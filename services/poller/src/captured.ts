import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Instant, instant } from "@raingauge/domain";

/** What a real libvirt said, as `test/captures` keeps it. For tests. */

const file = (name: string): Buffer => readFileSync(new URL(`../../../test/captures/${name}`, import.meta.url));

const text = (name: string): string => (name.endsWith(".gz") ? gunzipSync(file(name)) : file(name)).toString("utf8");

/** The three guests of the recordings, with the numbers that libvirt had given their processes. */
export const GUESTS = [
  { uuid: "b7708c68-66e9-4a1b-90bf-fda40ff3acb0", process: 4, name: "instance-00000001" },
  { uuid: "2e1260a0-abc7-4200-9980-5e3a3cb0a70d", process: 5, name: "instance-00000002" },
  { uuid: "39ca71aa-76db-4ab3-9766-662d99e95c1c", process: 6, name: "instance-00000003" },
] as const;

export const ACME = "8eb3fab7821249c7af3cbd737437eebf";

export const xmlOf = (name: string): string => text(`libvirt/${name}.dumpxml.xml`);

export interface Recorded {
  readonly at: Instant;
  /** As the bulk call answers. */
  readonly report: string;
}

/** `virsh domstats --raw`, one poll after the other. */
export const recorded = (
  name: "libvirt/domstats-raw-series.txt" | "ceilometer/domstats-during-polling.txt.gz",
): Recorded[] =>
  text(name)
    .split(/^### /m)
    .slice(1)
    .map((said) => {
      const end = said.indexOf("\n");
      return { at: instant(said.slice(0, end)), report: listed(said.slice(end + 1)) };
    });

/** The bulk call's answer: the list of the guests that are in the statistics, then those. */
export const listed = (
  stats: string,
  guests: readonly { uuid: string; process: number; name: string }[] = GUESTS,
): string => `${guests.map(({ uuid, process, name }) => `${uuid} ${process} ${name}\n`).join("")}\n${stats}`;
