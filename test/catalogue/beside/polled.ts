import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Instant, instant, type Sample } from "@raingauge/domain";
import { domainOf, machineOf, parseHost, remembered, samplesOf, strangerTo } from "@raingauge/poller";
import type { Pairing } from "./compared.ts";
import { instantOf, type Theirs } from "./theirs.ts";

const capture = (name: string): Buffer => readFileSync(new URL(`../../captures/${name}`, import.meta.url));

const GUESTS = [
  { uuid: "b7708c68-66e9-4a1b-90bf-fda40ff3acb0", name: "instance-00000001" },
  { uuid: "2e1260a0-abc7-4200-9980-5e3a3cb0a70d", name: "instance-00000002" },
  { uuid: "39ca71aa-76db-4ab3-9766-662d99e95c1c", name: "instance-00000003" },
];

/** What our agent makes of libvirt's answers, every two seconds beside their polling, around each reading of theirs. */
export function besideGuest(): (theirs: Theirs, meter: string) => Pairing | undefined {
  const series = Map.groupBy(polls(), ({ meter, resource }) => `${meter} ${resource}`);
  return (theirs, meter) => {
    const guest = GUESTS.find(({ uuid }) => theirs.resource_id.includes(uuid));
    if (guest === undefined || /^(vcpus|memory|disk\.(root|ephemeral)\.size)$/.test(meter)) return undefined;
    const disk = `${guest.uuid}-${theirs.resource_id.slice(guest.uuid.length + 1)}`;
    const ours = series.get(`${meter} ${guest.uuid}`) ?? series.get(`${meter} ${disk}`) ?? [];
    return { from: "libvirt", ours: around(ours, instantOf(theirs)), between: true };
  };
}

/** Ours from shortly before to shortly after: they stamp a pass when it begins and read later. */
function around(ours: readonly Sample[], moment: Instant): Sample[] {
  const next = ours.findIndex(({ at }) => at > moment);
  return next < 0 ? ours.slice(-2) : ours.slice(Math.max(0, next - 2), next + 2);
}

function polls(): Sample[] {
  const machines = new Map(
    GUESTS.map(({ uuid, name }) => [uuid, machineOf(capture(`libvirt/${name}.dumpxml.xml`).toString())]),
  );
  const listed = GUESTS.map(({ uuid, name }, index) => `${uuid} ${index + 4} ${name}\n`).join("");
  const [, ...reports] = gunzipSync(capture("ceilometer/domstats-during-polling.txt.gz")).toString().split(/^### /m);
  let history = strangerTo("compute-01");
  return reports.flatMap((said) => {
    const end = said.indexOf("\n");
    const at = instant(said.slice(0, end));
    const found = parseHost(`${listed}\n${said.slice(end + 1)}`).domains.flatMap((report) => {
      const machine = machines.get(report.uuid);
      return machine === undefined || typeof machine === "string"
        ? []
        : [{ report, machine, domain: domainOf(report.fields) }];
    });
    const before = history;
    history = remembered(before, at, found);
    return samplesOf({ region: "one", at, machines: found, before, after: history }).samples;
  });
}
