import { DEAD, decimal, METERS, type Meter, STATUSES } from "@raingauge/domain";
import { DIFFERENCES } from "./differences.ts";

/** `docs/meters.md`: the catalogue for people to read. */
export const meterDocument = (): string =>
  [
    INTRODUCTION,
    table(
      [
        "meter",
        "kind",
        "shown in",
        "stored in",
        "resource type",
        "a price may name",
        "holds for",
        "sources",
        "also called",
      ],
      METERS.map(row),
    ),
    TRAPS,
    "## Told otherwise than by Ceilometer\n",
    table(
      ["Ceilometer's name", "here", "why"],
      Object.entries(DIFFERENCES).map(([name, { kind, unit, why }]) => [
        code(name),
        [kind, unit === undefined ? undefined : `in ${unit}`].filter((part) => part !== undefined).join(" "),
        why,
      ]),
    ),
    STATES,
    table(
      ["Ceilometer's name", "where it is told"],
      STATUSES.map(({ name, meter, as, key }) => [code(name), `${as} ${code(key)} of ${code(meter)}'s resource`]),
    ),
    GONE,
    table(
      ["name", "see", "why"],
      DEAD.map(({ name, instead, why }) => [code(name), instead === undefined ? "" : code(instead), why]),
    ),
  ].join("\n");

const row = (meter: Meter): string[] => [
  code(meter.name),
  meter.existence ? "existence" : meter.kind,
  meter.shown.unit,
  meter.shown.unit === meter.unit ? meter.unit : `${meter.unit} (${decimal(meter.shown.factor, 0)})`,
  meter.resourceType,
  meter.isPriceable ? ["the meter", ...meter.dimensions.map(code)].join(", ") : "nothing",
  holdsFor(meter),
  meter.sources.map(({ by, from }) => `${by} ${code(from)}`).join("; "),
  meter.aliases.map(code).join(", "),
];

/** Of existence, its sources decide; between the readings of a counter lies what it grew by. */
const holdsFor = ({ kind, existence, silenceSeconds }: Meter): string =>
  kind === "gauge" && !existence ? `${silenceSeconds / 60} min` : "";

const code = (word: string): string => `\`${word}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")
    .concat("\n");

const INTRODUCTION = `# What is measured

Every meter, under Ceilometer's name where Ceilometer has one, with the unit in which people read it. A reading is a whole
number of the unit in which it is *stored* (in brackets: how many of those are one of what is shown), so that no float comes
near a bill. An *existence* meter is a gauge that says that a resource was there. A measured gauge *holds for* so long where
nothing follows it; how long a resource is held to exist, and how counters grow, is told in [measuring.md](measuring.md). A
*source* is named here also where it is not built yet, since its readings will have this form.

This page is generated from the catalogue in \`services/lib/domain/src/meters/\`; a test holds it current
(\`UPDATE=1 npx vitest run test/catalogue\` writes it). \`GET /v1/meters\` answers with the same.
`;

const TRAPS = `## What Ceilometer's catalogue hides, and what became of it here

- **Two names for one thing** are one meter with an alias: a polled \`volume.snapshot.size\` and a notified \`snapshot.size\`
  are the same snapshot, billed once. An alias is accepted wherever a person writes a meter's name, in the API and in price
  books, and never stored.
- **One name with two meanings** has one: \`memory\`, \`vcpus\`, \`disk.root.size\` and \`disk.ephemeral.size\` are what the flavor
  gives, whoever tells them. What the guest makes of it is \`memory.usage\`, \`memory.available\` and \`memory.resident\`.
- \`disk.root.size\` is Nova's \`root_gb\`, which the domain's metadata calls \`disk\`; nothing is subtracted from it.
- **\`volume_type\`** is always the type's id, from notifications and sweeps alike; its name may change, and a price must not.
- **Statuses are not averaged.** An address, a network service, a load balancer, a zone or a share counts as one (or as its
  size) while it is there; its status is told beside it.
- **Counters are counters**: \`perf.*\` and \`radosgw.api.request\` only grow, and so do \`disk.device.*.latency\`, which are the
  nanoseconds spent in all requests together and not the latency of one.
- **Differences are summed**, each message once: \`bandwidth\`, \`image.download\`, \`image.serve\`,
  \`storage.objects.*.bytes\`, \`identity.authenticate.*\`.
- **Nothing is dropped for want of a mapping**: a reading of a meter that is not in this catalogue is stored all the same, and
  \`/v1/samples\` shows it.
- **Rates are not produced.** What a price of \`network.outgoing.bytes.rate\` meant is the usage of \`network.outgoing.bytes\`.
- **Units are canonical**: \`s\` for a second, binary \`MiB\` and \`GiB\` by their right names; a price says GB or GiB and means it.
- **Counters of a disk or an interface** belong to their instance, with the device in the counter's incarnation, so that an
  instance's traffic needs no joining; a gauge of a disk, a container or a bucket has that as its resource.
- **A sensor** is one resource by whatever way it is read, \`<host>/<sensor>\`; Ironic's node goes by the name of its host.
- **What comes with decimals** (percentages, volts, degrees) is kept in thousandths or millionths. A temperature below zero
  is refused, as is any negative reading.
`;

const STATES = "## Statuses, which are no meters\n";

const GONE = `## Names that are dead

Nothing produces these any more. A price book that names one is told so, and what to name instead. \`….*\` stands for every name
that begins so.
`;
