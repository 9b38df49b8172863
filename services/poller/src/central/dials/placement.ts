import type { Payload } from "@raingauge/openstack";
import { type Asking, wholeList } from "../asking.ts";
import { type DialReading, dial } from "./reading.ts";
import { label, number, part } from "./said.ts";
import { ofEach, type Survey } from "./survey.ts";

const PLACEMENT = { service: "placement", microversion: "placement 1.28", microversionLeast: "1.0" } as const;

export const placementSurvey: Survey = {
  name: "placement.survey",
  collector: "placement",
  async read(asking, skipped) {
    const all = await wholeList(asking, { ...PLACEMENT, path: "/resource_providers" }, "resource_providers");
    const providers = all.map((said) => ({ id: label(said, "uuid"), hostname: label(said, "name") }));
    return ofEach(providers, (each) => provider(asking, each), skipped);
  },
};

interface Provider {
  readonly id: string;
  readonly hostname: string;
}

async function provider(asking: Asking, { id, hostname }: Provider): Promise<DialReading[]> {
  const of = async (what: string): Promise<Payload> =>
    (await asking.get({ ...PLACEMENT, path: `/resource_providers/${id}/${what}` })).body;
  const [inventory, used, allocated] = await Promise.all([of("inventories"), of("usages"), of("allocations")]);
  const usages = part(used, "usages");
  const inventories = part(inventory, "inventories");
  const generation = number(inventory, "resource_provider_generation");
  return [
    ...Object.keys(inventories).flatMap((resourcetype) => {
      const held = part(inventories, resourcetype);
      const tell = (suffix: string, value: number | undefined) =>
        dial(`openstack_placement_resource_${suffix}`, { hostname, resourcetype }, value);
      return [
        ...tell("total", number(held, "total")),
        ...tell("reserved", number(held, "reserved")),
        ...tell("allocation_ratio", number(held, "allocation_ratio")),
        ...tell("generation", generation),
        ...tell("usage", number(usages, resourcetype)),
      ];
    }),
    ...allocations(hostname, part(allocated, "allocations")),
  ];
}

/** Of each consumer, what it has taken here. */
const allocations = (hostname: string, by: Payload): DialReading[] =>
  Object.keys(by).flatMap((uuid) => {
    const resources = part(part(by, uuid), "resources");
    return Object.keys(resources).flatMap((resourcetype) =>
      dial(
        "openstack_placement_resource_provider_allocations",
        { hostname, uuid, resourcetype },
        number(resources, resourcetype),
      ),
    );
  });
