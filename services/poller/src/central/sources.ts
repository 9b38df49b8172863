import { leases } from "./blazar.ts";
import { cinderBackups, cinderSnapshots, cinderVolumes } from "./cinder.ts";
import { zones } from "./designate.ts";
import { glanceImages } from "./glance.ts";
import { stacks } from "./heat.ts";
import { nodes } from "./ironic.ts";
import { clusters } from "./magnum.ts";
import { shareSnapshots, shares } from "./manila.ts";
import { neutronAddresses, neutronBelongings } from "./neutron.ts";
import { novaServers } from "./nova.ts";
import { loadBalancers } from "./octavia.ts";
import type { Source } from "./source.ts";
import { databases } from "./trove.ts";

/** Everything that is swept, unless an operator names fewer. */
export const SOURCES: readonly Source[] = [
  novaServers,
  cinderVolumes,
  cinderSnapshots,
  cinderBackups,
  glanceImages,
  neutronAddresses,
  ...neutronBelongings,
  loadBalancers,
  zones,
  shares,
  shareSnapshots,
  clusters,
  nodes,
  stacks,
  databases,
  leases,
];
