import { isObject } from "../notification.ts";
import type { Call } from "./call.ts";

/** The microversions that a service speaks. */
export interface Spoken {
  readonly least: string;
  readonly most: string;
}

/** The microversion that a call asks for: services that are older than the common header have one of their own. */
export const askedVersion = ({ microversion, headers = {} }: Call): string | undefined =>
  microversion?.split(" ")[1] ?? Object.entries(headers).find(([name]) => OWN_HEADER.test(name))?.[1];

const OWN_HEADER = /^x-openstack-.+-api-version$/;

/** The same call as the service can be asked it: at the most that it speaks, where less than was wanted will do. */
export function asSpoken(call: Call, { most }: Spoken): Call {
  const { microversion, microversionLeast: least } = call;
  const [service, wanted] = microversion?.split(" ") ?? [];
  if (wanted === undefined || least === undefined || !isBefore(most, wanted) || isBefore(most, least)) return call;
  return { ...call, microversion: `${service} ${most}` };
}

/** Where a service says what it speaks: its address as far as the version in it, for what comes behind is an account's. */
export const versionsAt = (address: string): string => `${/^.*?\/v\d+(\.\d+)?(?=\/|$)/.exec(address)?.[0] ?? address}/`;

/** What a version document says, as Nova, Cinder, Placement, Manila and Ironic write it. */
export function spokenIn(body: unknown): Spoken | undefined {
  const { version, versions } = isObject(body) ? body : {};
  const all = [version, ...(Array.isArray(versions) ? versions : [])].filter(isObject);
  const ranges = all.flatMap(({ min_version: least, version: most, max_version = most }) =>
    isVersion(least) && isVersion(max_version) ? [{ least, most: max_version }] : [],
  );
  return ranges.toSorted((a, b) => (isBefore(a.most, b.most) ? 1 : -1))[0];
}

const isVersion = (said: unknown): said is string => typeof said === "string" && /^\d+\.\d+$/.test(said);

function isBefore(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
