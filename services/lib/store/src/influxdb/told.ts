import { type Instant, isDial, type Period } from "@raingauge/domain";
import { type Telling, toldByReading } from "../resource.ts";
import { counts } from "./commits.ts";
import { cellsBy, type Reader } from "./csv.ts";
import { once, untagged } from "./line.ts";
import { standing } from "./readings.ts";
import type { Seen } from "./seen.ts";
import { momentWritten } from "./slots.ts";

/** What readings tell of resources up to an instant. Between its first and its last a reading tells nothing that those do not. */
export async function tellings(seen: Seen, to: Instant): Promise<Telling[]> {
  const first = new Map<string, Glimpse>();
  const last = new Map<string, Glimpse>();
  await standing(
    seen,
    { to },
    [],
    glimpseOf(seen, (glimpse) => {
      const { meter, region, resource, project, at } = glimpse;
      const key = `${meter}\n${region}\n${resource}\n${project}`;
      if (at < (first.get(key)?.at ?? Number.POSITIVE_INFINITY)) first.set(key, glimpse);
      if (at > (last.get(key)?.at ?? Number.NEGATIVE_INFINITY)) last.set(key, glimpse);
    }),
    GLIMPSED,
  );
  return [...first.values(), ...last.values()].map(toldByReading);
}

/** The projects of which anything was read in a period; a dial makes nobody a customer. */
export async function projectsRead(seen: Seen, { start, end }: Period): Promise<ReadonlySet<string>> {
  const projects = new Set<string>();
  await standing(
    seen,
    { from: start, to: end },
    [],
    glimpseOf(seen, ({ meter, project }) => {
      if (!isDial(meter)) projects.add(project);
    }),
    GLIMPSED,
  );
  return projects;
}

type Glimpse = Parameters<typeof toldByReading>[0];

const GLIMPSED = ["project", "stored"];

/** Shows each reading that counts, and keeps none. */
const glimpseOf =
  ({ commits }: Seen, show: (glimpse: Glimpse) => void): Reader<never> =>
  (columns) => {
    const column = cellsBy(columns);
    const [projectOf, storedOf, timeOf] = [column("project"), column("stored"), column("time")];
    const [meterOf, regionOf, resourceOf] = [column("meter"), column("region"), column("resource")];
    const [said, tag] = [once((text) => text), once(untagged)];
    return (cells) => {
      if (!counts(commits, Number(storedOf(cells)))) return undefined;
      show({
        meter: tag(meterOf(cells)),
        region: tag(regionOf(cells)),
        resource: tag(resourceOf(cells)),
        project: said(projectOf(cells)),
        at: momentWritten(timeOf(cells)),
      });
      return undefined;
    };
  };
