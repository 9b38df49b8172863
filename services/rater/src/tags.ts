import type { Period, Resource, Scope } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";

/** What a resource is tagged with under a name; "" where nothing is. */
export type TagOf = (resource: Pick<Resource, "region" | "id">, name: string) => string;

/** As they were told of up to the period's end: OpenStack's metadata of a resource, or any other attribute of its. */
export async function tagsOf(store: Pick<SampleStore, "resources">, period: Period, scope: Scope): Promise<TagOf> {
  const told = await store.resources({ period }, scope);
  const byKey = new Map(told.map(({ region, id, attributes }) => [`${region}\n${id}`, attributes]));
  return ({ region, id }, name) => {
    const attributes = new Map(Object.entries(byKey.get(`${region}\n${id}`) ?? {}));
    return attributes.get(`metadata.${name}`) ?? attributes.get(name) ?? "";
  };
}

export const tagNamed = (term: string): string | undefined =>
  term.startsWith("tag.") ? term.slice("tag.".length) : undefined;
