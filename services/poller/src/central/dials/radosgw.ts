import { ApiError, isObject, type Payload, type RadosGateway } from "@raingauge/openstack";
import { projectsOf } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import { items, label, number, part } from "./said.ts";
import { ofEach, type Survey } from "./survey.ts";

export const RADOSGW_SURVEY = "radosgw.survey";

/** Every project's buckets in Ceph's object gateway, and what it was asked; one project that fails costs only itself. */
export const radosgwSurvey = (gateway: Pick<RadosGateway, "get">): Survey => ({
  name: RADOSGW_SURVEY,
  read: async (asking, skipped) => ofEach(await projectsOf(asking), ({ id }) => account(gateway, id), skipped),
});

async function account(gateway: Pick<RadosGateway, "get">, project: string): Promise<MeterReading[]> {
  const [buckets, usage] = await Promise.all([
    known(gateway.get("/admin/bucket", { uid: project, stats: "true", format: "json" })),
    known(gateway.get("/admin/usage", { uid: project, "show-entries": "false", format: "json" })),
  ]);
  if (!Array.isArray(buckets)) return [];
  const read = buckets.filter(isObject).map((said) => ({ name: label(said, "bucket"), ...stored(said) }));
  const measured = (meter: string, resource: string, value: number): MeterReading => ({
    ...{ meter, resource, project, source: "radosgw", value: BigInt(Math.round(value)), dimensions: {} },
  });
  const sum = (of: "objects" | "bytes"): number => read.reduce((total, each) => total + each[of], 0);
  return [
    measured("radosgw.objects", project, sum("objects")),
    measured("radosgw.objects.size", project, sum("bytes")),
    measured("radosgw.objects.containers", project, read.length),
    ...read.flatMap(({ name, objects, bytes }) => [
      measured("radosgw.containers.objects", `${project}/${name}`, objects),
      measured("radosgw.containers.objects.size", `${project}/${name}`, bytes),
    ]),
    ...requests(usage).map((ops) => measured("radosgw.api.request", project, ops)),
  ];
}

/** Of whom the gateway has never heard it has nothing to tell. */
const known = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return undefined;
    throw error;
  }
};

/** What a bucket holds stands under several headings, of which each object is in one; Ceilometer tells each as a bucket. */
function stored(bucket: Payload): { readonly objects: number; readonly bytes: number } {
  const usage = part(bucket, "usage");
  const parts = Object.keys(usage).map((heading) => part(usage, heading));
  return {
    objects: parts.reduce((total, each) => total + (number(each, "num_objects") ?? 0), 0),
    bytes: parts.reduce((total, each) => total + (number(each, "size") ?? (number(each, "size_kb") ?? 0) * 1024), 0),
  };
}

/** All that it was asked since its log of usage begins. */
const requests = (usage: unknown): number[] =>
  isObject(usage)
    ? items(usage, "summary").flatMap((summary) => {
        const ops = number(part(summary, "total"), "ops");
        return ops === undefined ? [] : [ops];
      })
    : [];
