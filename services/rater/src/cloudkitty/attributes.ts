import { decimal, type Rational, type Resource, rational, type Usage } from "@raingauge/domain";

/** What CloudKitty, through Gnocchi, calls an attribute: our names for the same, in the order in which they are looked for. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  flavor_name: ["flavor"],
  user_id: ["user"],
  image_ref: ["image"],
  image_id: ["image"],
  status: ["state"],
  display_name: ["name"],
  server_name: ["name"],
};

/** Sizes of a machine, which are meters of their own here. */
export const SIZES: Readonly<Record<string, string>> = {
  vcpus: "vcpus",
  memory: "memory",
  ram: "memory",
  memory_mb: "memory",
};

/** What a usage says of itself, without asking for its resource. */
const OWN: Readonly<Record<string, (usage: Usage) => string>> = {
  id: ({ resource }) => resource,
  resource_id: ({ resource }) => resource,
  instance_id: ({ resource }) => resource,
  project_id: ({ project }) => project,
  tenant_id: ({ project }) => project,
  region: ({ region }) => region,
  region_id: ({ region }) => region,
  region_name: ({ region }) => region,
};

export interface Known {
  readonly usage: Usage;
  readonly resource?: Resource | undefined;
  /** The usages of the size meters of the same resource in the same time. */
  readonly sizes: ReadonlyMap<string, Usage>;
}

/** The value of an attribute as a text; undefined where nobody ever said it. */
export function attributeOf(name: string, { usage, resource, sizes }: Known): string | undefined {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own !== undefined) return own(usage);
  for (const each of [...(Object.hasOwn(OURS, name) ? (OURS[name] ?? []) : []), name]) {
    if (Object.hasOwn(usage.dimensions, each)) return usage.dimensions[each];
    if (resource !== undefined && Object.hasOwn(resource.attributes, each)) return resource.attributes[each];
  }
  const size = Object.hasOwn(SIZES, name) ? sizes.get(SIZES[name] ?? "") : undefined;
  return size && sizeOf(size, SHOWN[size.meter] ?? rational(1n));
}

const SHOWN: Readonly<Record<string, Rational>> = { memory: rational(2n ** 20n) };

function sizeOf({ quantity, evidence }: Usage, factor: Rational): string | undefined {
  const alive = BigInt(evidence.observedMs + evidence.inferredMs);
  return alive === 0n ? undefined : decimal(rational(quantity, alive * factor.numerator), 3);
}

/** The dimension of ours that CloudKitty's attribute is. */
export const dimensionOf = (name: string): string => (Object.hasOwn(OURS, name) ? (OURS[name]?.[0] ?? name) : name);

/** Whether a resource has to be looked up to know it. */
export const isOfResource = (name: string, dimensions: readonly string[]): boolean =>
  !Object.hasOwn(OWN, name) && !dimensions.includes(OURS[name]?.[0] ?? name) && !Object.hasOwn(SIZES, name);

/** Whether it is one thing for all usages of a project that are alike, of meters with these dimensions. */
export const isOfHolder = (name: string, dimensions: readonly string[]): boolean =>
  Object.hasOwn(OWN, name)
    ? OF_PROJECT_OR_REGION.has(name)
    : !Object.hasOwn(SIZES, name) && !isOfResource(name, dimensions);

const OF_PROJECT_OR_REGION = new Set(["project_id", "tenant_id", "region", "region_id", "region_name"]);
