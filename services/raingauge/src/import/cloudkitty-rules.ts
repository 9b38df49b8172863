import { fetched, type Source } from "./source.ts";

export type Table = Readonly<Record<string, unknown>>;

/** What a CloudKitty rates by, as its own API shows it, wherever it was read. */
export interface TheirRules {
  readonly services: readonly Table[];
  readonly fields: readonly Table[];
  readonly groups: readonly Table[];
  readonly mappings: readonly Table[];
  readonly thresholds: readonly Table[];
  /** Whose usage it rates, and whose it was told not to. */
  readonly scopes: readonly Table[];
  /** By their names alone: they are programs. */
  readonly scripts: readonly string[];
  /** What was there and could not be read, each in a sentence. */
  readonly unread: readonly string[];
}

const HASHMAP = "/v1/rating/module_config/hashmap";
const PAGE = 1_000;

export async function rulesOfApi(source: Source): Promise<TheirRules> {
  const list = async (path: string, name: string): Promise<Table[]> =>
    (await fetched<Readonly<Record<string, Table[]>>>(source, path))?.[name] ?? [];
  const services = await list(`${HASHMAP}/services`, "services");
  const fields = (
    await Promise.all(
      services.map(({ service_id: id }) =>
        list(`${HASHMAP}/fields?service_id=${encodeURIComponent(String(id))}`, "fields"),
      ),
    )
  ).flat();
  const groups = await list(`${HASHMAP}/groups`, "groups");
  const parents = [
    ...services.map(({ service_id: id }) => `service_id=${id}`),
    ...fields.map(({ field_id: id }) => `field_id=${id}`),
  ];
  const mappings = (
    await Promise.all(parents.map((parent) => list(`${HASHMAP}/mappings?${parent}`, "mappings")))
  ).flat();
  const thresholds = (
    await Promise.all(parents.map((parent) => list(`${HASHMAP}/thresholds?${parent}`, "thresholds")))
  ).flat();
  const scripts = await list("/v1/rating/module_config/pyscripts/scripts?no_data=true", "scripts");
  return {
    services,
    fields,
    groups,
    mappings,
    thresholds,
    scopes: await scopesOf((path) => list(path, "results")),
    scripts: scripts.map(({ name, script_id: id }) => String(name ?? id)),
    unread: [],
  };
}

/** With the oldest storage there is no v2, and so no list of them; nor was there a way to pause one. */
async function scopesOf(list: (path: string) => Promise<Table[]>): Promise<Table[]> {
  const scopes: Table[] = [];
  for (;;) {
    const page = await list(`/v2/scope?limit=${PAGE}&offset=${scopes.length}`);
    scopes.push(...page);
    if (page.length < PAGE) return scopes;
  }
}
