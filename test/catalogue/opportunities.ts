import type { Proof } from "./proofs.ts";

/** What Ceilometer and what is used beside it do not do, by its number in issue 3's list, and the tests that show that it is done here. */
export interface Opportunity {
  readonly number: string;
  readonly what: string;
  readonly proofs: readonly Proof[];
  /** What of it is not done. */
  readonly left?: string;
}

const proof = (file: string, ...titles: readonly string[]): Proof[] => titles.map((title) => ({ file, title }));

export const OPPORTUNITIES: readonly Opportunity[] = [
  {
    number: "O5",
    what: "an agent spools on disk and fills in at the original instants",
    proofs: proof(
      "services/poller/src/poll.test.ts",
      "delivers every reading at its original instant when the bus is back, also after the agent was killed meanwhile",
    ),
  },
  {
    number: "O6",
    what: "counters that reset, move and are missed are billed what was used, and never more",
    proofs: [
      ...proof(
        "services/poller/src/libvirt/honesty.test.ts",
        "is never more than what was used, whatever happens to the machine and to the agent",
      ),
      ...proof(
        "services/poller/src/libvirt/samples.test.ts",
        "counts the traffic of a machine that moves while two hosts report it once",
      ),
    ],
  },
  {
    number: "O7",
    what: "usage comes from intervals in event time, and not from when somebody looked",
    proofs: [
      ...proof("test/scenarios/scenarios.test.ts", "is billed as it is written"),
      ...proof("services/listener/src/nova/usage.test.ts", "are split to the second: $story"),
    ],
  },
  {
    number: "O8",
    what: "a lost beginning or end is repaired from the API, marked and counted",
    proofs: proof(
      "test/journeys/lost-notifications.test.ts",
      "a machine is billed exactly from its launch to its end, and a volume that was seen within one sweep of the truth",
      "one in a hundred of a day's is within one sweep of the truth, and most of the day exact",
      "an answer that is short, or breaks off, ends nothing: the bill is that of the notifications",
    ),
  },
  {
    number: "O9",
    what: "a late reading undoes no end",
    proofs: proof("test/scenarios/scenarios.test.ts", "is billed as it is written"),
  },
  {
    number: "O10",
    what: "every type of resource has an end",
    proofs: [
      ...proof(
        "services/listener/src/families.test.ts",
        "ends every existence that began and was deleted while it was recorded, whatever its type",
      ),
      ...proof(
        "test/catalogue/coverage.test.ts",
        "that says that something is there can miss it: a sweep of its type tells that it is gone, whatever was notified",
      ),
    ],
  },
  {
    number: "O11",
    what: "legacy and versioned notifications of Nova give one usage, and collapse where both come",
    proofs: proof(
      "services/listener/src/nova/usage.test.ts",
      "give the same usage from legacy notifications as from both formats together",
      "give the same usage from versioned notifications, but for one suspension told across the edge of a second",
    ),
  },
  {
    number: "O12",
    what: "a meter that one file defines is stored, asked for and listed, with no second registration",
    proofs: [
      ...proof(
        "test/journeys/up-sweeps.test.ts",
        "stores, lists, answers for and prices what an operator's files define, with no second word",
      ),
      ...proof(
        "test/journeys/up.test.ts",
        "tries, stores and answers for a meter that one file defines, with nothing said of it anywhere else",
      ),
      ...proof(
        "services/listener/src/defined.test.ts",
        "make readings and an event of what nobody else knows, to the second where something begins or ends",
      ),
    ],
  },
  {
    number: "O13",
    what: "differences are summed, each message once",
    proofs: proof(
      "services/listener/src/audit-trail.test.ts",
      "count two equal requests as two, and one that came twice as one",
    ),
  },
  {
    number: "O14",
    what: "definitions are checked by file, line and column, tried on what was recorded, and run nothing",
    proofs: [
      ...proof("services/lib/definitions/src/definitions.test.ts", "refuse %s by file, line and field"),
      ...proof("services/lib/definitions/src/pollster/pollster.test.ts", "refuses %s by file, line and field"),
      ...proof("services/lib/definitions/src/operation/operation.test.ts", "is refused before it is ever used: %s"),
      ...proof("services/lib/definitions/src/path/path.test.ts", "%j is refused, and says why"),
      ...proof(
        "test/journeys/up.test.ts",
        "tries, stores and answers for a meter that one file defines, with nothing said of it anywhere else",
      ),
    ],
  },
  {
    number: "O19",
    what: "all machines of a host are read in one call",
    proofs: [
      ...proof(
        "services/poller/src/libvirt/virsh.test.ts",
        "asks for all domains and all their statistics in one call",
      ),
      ...proof(
        "services/poller/src/poll.test.ts",
        "makes one call a poll, and reads a domain's XML once for each process of it",
      ),
    ],
  },
  {
    number: "O20",
    what: "what Ceilometer never metered: routers, networks, clusters, databases, bare metal, stacks, leases, shares' snapshots, what load balancers pass; devices and licences by what a book says of flavors and images",
    proofs: [
      ...proof("services/poller/src/central/platform.test.ts", "%s of %j"),
      ...proof(
        "services/poller/src/central/dials/octavia-traffic.test.ts",
        "what a load balancer passed is counted from its beginning, if that was watched, and else from the first reading",
      ),
      ...proof(
        "services/lib/domain/src/attribute.test.ts",
        "makes no tie where no value has both, and one where a value has",
      ),
    ],
    left: "traffic of one address or router under OVN, which nothing counts; Barbican, which lists nobody another's secrets",
  },
  {
    number: "O21",
    what: "more than ten thousand containers, and one tenant that fails stops no other",
    proofs: proof(
      "services/poller/src/central/dials/accounts.test.ts",
      "measures an account with more containers than Swift lists at once, each of them",
      "asks Ceph's gateway with a signature, and one project that it fails for costs no other",
    ),
  },
  {
    number: "O23",
    what: "a secret leaves no process that reads it",
    proofs: [
      ...proof("services/listener/src/secrets.test.ts", "is in nothing that is told of it"),
      ...proof(
        "services/poller/src/central/platform.test.ts",
        "%s repeats no secret, neither in readings nor in what is only looked at",
      ),
      ...proof("services/lib/bus/src/redact.test.ts", "removes the value of %s, whatever it is and however deep"),
      ...proof(
        "services/poller/src/sensors/sensors.test.ts",
        "that are dead, strange, slow or locked cost their own readings and no other's, and nobody learns a password",
      ),
    ],
  },
];
