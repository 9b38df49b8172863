import { cinderBackups, cinderSnapshots, cinderVolumes } from "./cinder.ts";
import { glanceImages } from "./glance.ts";
import { neutronAddresses, neutronBelongings } from "./neutron.ts";
import { novaServers } from "./nova.ts";
import type { Source } from "./source.ts";

/** Everything that is swept, unless an operator names fewer. */
export const SOURCES: readonly Source[] = [
  novaServers,
  cinderVolumes,
  cinderSnapshots,
  cinderBackups,
  glanceImages,
  neutronAddresses,
  ...neutronBelongings,
];
