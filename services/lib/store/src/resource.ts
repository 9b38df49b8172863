import {
  at,
  type Dimensions,
  type Event,
  type Instant,
  meterNamed,
  type Period,
  type Resource,
  type Sample,
} from "@raingauge/domain";
import { compareText } from "./order.ts";

/** Something said of a resource at one instant, by an event or by a reading. */
export interface Telling {
  readonly region: string;
  readonly resource: string;
  readonly at: Instant;
  /** Of tellings at one instant an event's counts more than a reading's. */
  readonly by: "reading" | "event";
  /** Orders tellings that are equal otherwise. */
  readonly key: string;
  readonly project: string;
  readonly type?: string | undefined;
  readonly attributes?: Dimensions;
}

/** Resources as told, latest wins, attribute by attribute. What was told after the period does not count. */
export function resourcesTold(tellings: readonly Telling[], period: Period): Resource[] {
  const known = tellings.filter((telling) => telling.at < period.end);
  const byResource = Map.groupBy(known, ({ region, resource }) => `${region}\n${resource}`);
  return [...byResource.entries()]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([, told]) => describe(told.toSorted(compareTellings)))
    .filter(({ lastSeen }) => lastSeen >= period.start);
}

/** A resource that nothing said the type of is nothing that we know how to show. */
function describe(told: readonly Telling[]): Resource[] {
  const last = told.at(-1);
  const type = told.findLast((telling) => telling.type !== undefined)?.type;
  if (last === undefined || type === undefined) return [];
  return [
    {
      id: last.resource,
      type,
      region: last.region,
      project: last.project,
      attributes: Object.assign({}, ...told.map(({ attributes }) => attributes)),
      firstSeen: told[0]?.at ?? last.at,
      lastSeen: last.at,
    },
  ];
}

const compareTellings = (a: Telling, b: Telling): number =>
  a.at - b.at || compareText(b.by, a.by) || compareText(a.key, b.key);

export function toldByEvent(event: Event): Telling[] {
  const { id, region, resource, project, resourceType, attributes } = event;
  if (resource === undefined || project === undefined) return [];
  return [{ region, resource, at: event.at, by: "event", key: id, project, type: resourceType, attributes }];
}

export const toldByReading = ({
  region,
  resource,
  at: moment,
  project,
  meter,
}: Pick<Sample, "region" | "resource" | "at" | "project" | "meter">): Telling => ({
  region,
  resource,
  at: at(moment),
  by: "reading",
  key: project,
  project,
  type: meterNamed(meter)?.resourceType,
});
