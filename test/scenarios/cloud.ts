import { type Dimensions, type Instant, METERS, type Meter, type Sample } from "@raingauge/domain";
import { priceUnit, sampleOf } from "@raingauge/wire";
import { bad, readDuration } from "./clock.ts";

/** What a resource truly is at an instant, whether or not anybody was told. */
export interface Truth {
  readonly type: string;
  readonly project: string;
  readonly size: bigint;
  readonly dimensions: Dimensions;
  readonly since: Instant;
}

/** Something that happened to a resource, as its service told it. */
export interface Happening {
  readonly at: Instant;
  readonly resource: string;
  readonly truth: Truth;
  readonly samples: readonly Sample[];
}

/** The cloud so far: what happened, oldest first. */
export type Cloud = readonly Happening[];

export const truthAt = (cloud: Cloud, resource: string, moment: Instant): Truth | undefined =>
  cloud.findLast((each) => each.resource === resource && each.at <= moment)?.truth;

/** How each type of resource is measured: one meter of existence, valued by its size. */
const EXISTENCE: Readonly<Record<string, string>> = {
  instance: "instance",
  volume: "volume.size",
  snapshot: "snapshot.size",
  image: "image.size",
  floatingip: "ip.floating",
};

export const meterOf = (name: string, line: string): Meter => METERS.find((meter) => meter.name === name) ?? bad(line);

/** States that an instance's transitions lead to, in Nova's words. */
const STATES: Readonly<Record<string, string>> = {
  stop: "stopped",
  start: "active",
  suspend: "suspended",
  resume: "active",
  shelve: "shelved",
  offload: "shelved_offloaded",
  unshelve: "active",
  "soft-delete": "soft-delete",
  restore: "active",
};

/**
 * Reads one line below `notifications`, e.g. `vm-1 create instance of acme flavor=m1.small`, `vm-1 resize flavor=m1.large`,
 * `vm-1 stop lost`, `vol-1 transfer globex`, `vm-1 stop, told again after 1s`.
 */
export function happen(cloud: Cloud, moment: Instant, line: string): Happening {
  const [, resource = "", verb = "", told = "", fate = ""] =
    /^(\S+) ([\w-]+)(.*?)(?:,? (lost|told again after \S+))?$/.exec(line) ?? bad(line);
  const before = truthAt(cloud, resource, moment);
  const truth =
    verb === "create" ? created(told.trim(), moment, line) : changed(before ?? bad(line), verb, told.trim(), line);
  const isEnd = verb === "delete";
  const again = /after (\S+)/.exec(fate)?.[1];
  const transition = again === undefined ? undefined : `${verb}/req-${moment}`;
  const first = statement(resource, truth, moment, isEnd ? "ends" : "states", transition);
  const second =
    again === undefined
      ? []
      : [statement(resource, truth, (moment + readDuration(again)) as Instant, "states", transition)];
  // An end says since when the machine was there: one whose beginning got lost is billed all the same.
  const beginning = isEnd ? [statement(resource, truth, truth.since, "sights", undefined)] : [];
  return { at: moment, resource, truth, samples: fate === "lost" ? [] : [...beginning, first, ...second] };
}

export function statement(
  resource: string,
  truth: Truth,
  at: Instant,
  stance: Sample["stance"],
  transition?: string,
): Sample {
  const meter = EXISTENCE[truth.type] ?? bad(resource);
  return sampleOf({
    region: "RegionOne",
    project: truth.project,
    meter,
    resource,
    at,
    value: truth.size,
    origin: "notification",
    source: "nova",
    stance,
    dimensions: truth.dimensions,
    sequence: at,
    message: `${resource}/${stance}/${at}`,
    ...(transition === undefined ? {} : { transition }),
  });
}

function created(told: string, since: Instant, line: string): Truth {
  const [, type = "", project = "", rest = ""] = /^(\S+) of (\S+)(.*)$/.exec(told) ?? bad(line);
  const truth = { type, project, size: 1n, dimensions: type === "instance" ? { state: "active" } : {}, since };
  return described(truth, rest, line);
}

function changed(before: Truth, verb: string, told: string, line: string): Truth {
  const state = STATES[verb];
  if (state !== undefined) return { ...before, dimensions: { ...before.dimensions, state } };
  switch (verb) {
    case "transfer":
      return { ...before, project: told };
    case "resize":
    case "extend":
    case "retype":
    case "delete":
      return described(before, told, line);
    default:
      return bad(line);
  }
}

/** Applies `20 GiB` and `flavor=m1.large` to what was there. */
function described(before: Truth, told: string, line: string): Truth {
  const meter = meterOf(EXISTENCE[before.type] ?? bad(line), line);
  const parts = [...told.matchAll(/(\w+)=(\S+)|\d+ ?[A-Za-z]+/g)];
  if (parts.map(([part]) => part).join(" ") !== told.trim()) return bad(line);
  const size = parts.find(([, dimension]) => dimension === undefined)?.[0];
  const stated = parts.flatMap(([, dimension, value]) => (dimension === undefined ? [] : [[dimension, value]]));
  return {
    ...before,
    size: size === undefined ? before.size : readQuantity(size, meter, line),
    dimensions: { ...before.dimensions, ...Object.fromEntries(stated) },
  };
}

/** `20 GiB`, `0GB`, `3` */
export function readQuantity(text: string, meter: Meter, line: string): bigint {
  const [, count = "", unit = meter.unit] = /^(\d+) ?([A-Za-z]+)?$/.exec(text) ?? bad(line);
  const size = unit === meter.unit ? { quantity: 1n } : priceUnit(unit, meter);
  return typeof size === "string" ? bad(`${line}: ${size}`) : BigInt(count) * size.quantity;
}
