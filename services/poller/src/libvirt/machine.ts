import { type Instant, instant } from "@raingauge/domain";
import { type Element, NotXml, parseXml, within } from "./xml.ts";

/** What Nova wrote into a domain's XML about the instance that it is. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly user: string;
  readonly flavor: Flavor;
  /** Empty for a machine that boots from a volume. */
  readonly image: string;
  /**
   * When this XML was written: at each hard start, and in newer Novas at each change of a port. Not when the instance was
   * made, and not proof of a new process.
   */
  readonly writtenAt?: Instant;
}

export interface Flavor {
  readonly name: string;
  readonly vcpus: bigint;
  readonly memoryBytes: bigint;
  readonly rootBytes: bigint;
  readonly ephemeralBytes: bigint;
}

/** Why a domain cannot be metered: it is not one of Nova's, or what it says of itself is not usable. */
export type Unmetered = "not_nova" | "malformed";

const NAMESPACE = "http://openstack.org/xmlns/libvirt/nova/";
const MEBIBYTE = 1024n ** 2n;
const GIBIBYTE = 1024n ** 3n;

export function machineOf(xml: string): Machine | Unmetered {
  try {
    const domain = parseXml(xml);
    const nova = within(domain, "metadata")?.children.find(isNova);
    return nova === undefined ? "not_nova" : (describe(domain, nova) ?? "malformed");
  } catch (error) {
    if (error instanceof NotXml) return "malformed";
    throw error;
  }
}

const isNova = ({ name, attributes }: Element): boolean =>
  name === "instance" &&
  Object.entries(attributes).some(([key, value]) => key.startsWith("xmlns") && value.startsWith(NAMESPACE));

function describe(domain: Element, nova: Element): Machine | undefined {
  const id = within(domain, "uuid")?.text;
  const project = within(nova, "owner", "project")?.attributes["uuid"];
  const flavor = flavorOf(within(nova, "flavor"));
  const writtenAt = timeOf(within(nova, "creationTime")?.text);
  const root = within(nova, "root")?.attributes;
  if (!id || !project || flavor === undefined) return undefined;
  return {
    id,
    project,
    flavor,
    name: within(nova, "name")?.text ?? "",
    user: within(nova, "owner", "user")?.attributes["uuid"] ?? "",
    image: root?.["type"] === "image" ? (root["uuid"] ?? "") : "",
    ...(writtenAt === undefined ? {} : { writtenAt }),
  };
}

function flavorOf(element: Element | undefined): Flavor | undefined {
  const name = element?.attributes["name"];
  if (element === undefined || !name) return undefined;
  const amount = (of: string): bigint | undefined => wholeNumber(within(element, of)?.text);
  const [vcpus, memory, root, ephemeral] = [amount("vcpus"), amount("memory"), amount("disk"), amount("ephemeral")];
  if (vcpus === undefined || memory === undefined || root === undefined || ephemeral === undefined) return undefined;
  return {
    name,
    vcpus,
    memoryBytes: memory * MEBIBYTE,
    rootBytes: root * GIBIBYTE,
    ephemeralBytes: ephemeral * GIBIBYTE,
  };
}

const wholeNumber = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? BigInt(text) : undefined;

/** Nova writes `2026-11-23 00:39:58`, in UTC. A time that cannot be is no time: it only helps to place a beginning. */
function timeOf(text: string | undefined): Instant | undefined {
  if (text === undefined || !/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  try {
    return instant(`${text.replace(" ", "T")}Z`);
  } catch {
    return undefined;
  }
}
