import { recording } from "@raingauge/harness";
import { ApiError } from "@raingauge/openstack";
import { SOURCES, SURVEYS } from "@raingauge/poller";
import type { Pairing } from "./compared.ts";
import type { Theirs } from "./theirs.ts";

/** The lists that were recorded of the same cloud's APIs, forty minutes before they polled it, and whose sweep reads each. */
const LISTS = [
  { source: "nova.sweep", name: "nova.servers_detail.latest", items: "servers" },
  { source: "cinder.volumes.sweep", name: "cinder.volumes_detail.latest", items: "volumes" },
  { source: "cinder.backups.sweep", name: "cinder.backups_detail", items: "backups" },
  { source: "glance.sweep", name: "glance.images", items: "images" },
  { source: "neutron.floatingips.sweep", name: "neutron.floatingips", items: "floatingips" },
] as const;

const [ACME, GLOBEX, INITECH] = [
  "8eb3fab7821249c7af3cbd737437eebf",
  "591cc5a1cd814ffda5c696fb6e7f4ed5",
  "f17881b185a440e2b7d91fb7eb19bb39",
] as const;

type Ours = Pairing["ours"][number] & { readonly meter: string; readonly resource: string };

/** What our sweep says of the resource of which they polled something, as far as its API was recorded. */
export async function besideSweep(): Promise<(theirs: Theirs, meter: string) => Pairing> {
  const seen = Map.groupBy([...LISTS.flatMap(listed), ...(await accounts())], ({ resource }) => resource);
  return ({ resource_id }, meter) => {
    const ours = seen.get(resource_id);
    if (ours === undefined)
      return { from: "API", ours: [], ignored: isEmpty(resource_id, meter) ? "empty" : "unrecorded" };
    return { from: "API", ours: ours.filter((each) => each.meter === meter) };
  };
}

/** Two projects had containers, as their own readings say. */
const isEmpty = (resource: string, meter: string): boolean =>
  meter.startsWith("storage.") && ![ACME, INITECH].some((account) => resource.startsWith(account));

type Said = Readonly<Record<string, unknown>>;

function listed({ source, name, items }: (typeof LISTS)[number]): Ours[] {
  const read = SOURCES.find((each) => each.name === source)?.read;
  return ((recording(name).body?.[items] ?? []) as readonly Said[]).flatMap((said) => {
    const { id: resource = "", resource: of } = read?.(withProject(said)) ?? {};
    return (of?.amounts ?? []).map(([meter, value]) => ({ meter, resource, value, project: of?.project ?? "" }));
  });
}

/** Backups were recorded at a microversion that does not tell their project, with which their names begin. */
const PROJECTS: Said = { acme: ACME, globex: GLOBEX, initech: INITECH };

const withProject = (said: Said): Said => ({
  "os-backup-project-attr:project_id": PROJECTS[String(said["name"]).split("-")[0] ?? ""],
  ...said,
});

/** One account was recorded, and one that is not there. */
async function accounts(): Promise<Ours[]> {
  const survey = SURVEYS.find(({ name }) => name === "swift.survey");
  const { body, response_headers } = recording("swift.account.get");
  const headers = new Map(response_headers.map(([name, value]) => [name.toLowerCase(), value]));
  const isRecorded = (account?: string): boolean => account === undefined || account === ACME;
  const asking = {
    fetch: async ({
      account,
      query,
    }: {
      readonly account?: string;
      readonly query?: Readonly<Record<string, string>>;
    }) => {
      if (!isRecorded(account)) throw new ApiError("not_found", "no such account");
      return { headers, askedAt: 0, body: query?.["marker"] === undefined ? body : [] };
    },
    get: async () => ({ body: { projects: [{ id: ACME }, { id: GLOBEX }] }, askedAt: 0 }),
    pages: () => {
      throw new Error("nothing is listed by pages");
    },
  };
  const read = (await survey?.read(asking, () => undefined, { sinceAt: undefined })) ?? [];
  return read.flatMap((each) => ("meter" in each ? [{ ...each, project: each.project ?? "" }] : []));
}
