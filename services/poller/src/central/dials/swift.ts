import type { Payload } from "@raingauge/openstack";
import { ApiError, type Fetched, isObject } from "@raingauge/openstack";
import { ABSENT } from "../absence.ts";
import { type Asking, projectsOf } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import { type DialReading, dial } from "./reading.ts";
import { label, number } from "./said.ts";
import { ofEach, type Survey } from "./survey.ts";

/** Every project's account, with all of its containers however many they are. Needs the role ResellerAdmin, or Swift's own word for it. */
export const swiftSurvey: Survey = {
  name: "swift.survey",
  collector: "object_store",
  absence: ABSENT,
  async read(asking, skipped) {
    await asking.fetch({ service: "object-store", path: "", query: { format: "json", limit: "1" } });
    const read = await ofEach(await projectsOf(asking), ({ id }) => account(asking, id), skipped);
    return [
      ...read,
      ...byName(read, "objects", "storage.containers.objects"),
      ...byName(read, "bytes", "storage.containers.objects.size"),
    ];
  },
};

/** The exporter knows one account, and a container by its name alone: those of one name in several accounts are one to it. */
function byName(read: readonly MeterReading[], suffix: string, meter: string): DialReading[] {
  const mine = read.filter((each) => each.meter === meter);
  const names = Map.groupBy(mine, ({ resource }) => resource.slice(resource.indexOf("/") + 1));
  return [...names].flatMap(([container_name, all]) =>
    dial(
      `openstack_object_store_${suffix}`,
      { container_name },
      Number(all.reduce((sum, { value }) => sum + value, 0n)),
    ),
  );
}

/** A project that never stored anything has no account, and nothing is to be measured. */
async function account(asking: Asking, project: string): Promise<MeterReading[]> {
  const containers: Payload[] = [];
  let first: Fetched | undefined;
  for (;;) {
    const marker = containers.length === 0 ? {} : { marker: label(containers.at(-1) ?? {}, "name") };
    const page = await pageOf(asking, project, marker);
    if (page === undefined) return [];
    first ??= page;
    const found = listIn(page);
    containers.push(...found);
    if (found.length === 0) break;
  }
  const total = (meter: string, header: string): MeterReading[] =>
    measured(meter, project, project, Number(first?.headers.get(header)));
  return [
    ...total("storage.objects", "x-account-object-count"),
    ...total("storage.objects.size", "x-account-bytes-used"),
    ...total("storage.objects.containers", "x-account-container-count"),
    ...containers.flatMap((said) => container(said, project)),
  ];
}

async function pageOf(
  asking: Asking,
  project: string,
  marker: Readonly<Record<string, string>>,
): Promise<Fetched | undefined> {
  const query = { format: "json", ...marker };
  try {
    return await asking.fetch({ service: "object-store", path: "", account: project, query });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** An account without containers answers with nothing at all. */
function listIn({ body }: Fetched): readonly Payload[] {
  if (body === undefined) return [];
  if (Array.isArray(body) && body.every(isObject)) return body;
  throw new ApiError("unreadable", "an account's answer is no list of containers");
}

function container(said: Payload, project: string): MeterReading[] {
  const name = label(said, "name");
  const resource = `${project}/${name}`;
  const [objects, bytes] = [number(said, "count"), number(said, "bytes")];
  return [
    ...measured("storage.containers.objects", resource, project, objects),
    ...measured("storage.containers.objects.size", resource, project, bytes),
  ];
}

const measured = (meter: string, resource: string, project: string, value: number | undefined): MeterReading[] =>
  value === undefined || !Number.isSafeInteger(value) || value < 0
    ? []
    : [{ meter, resource, project, source: "swift", value: BigInt(value), dimensions: {} }];
