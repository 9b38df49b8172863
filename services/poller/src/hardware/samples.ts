import { CLOUD, type Incarnation, type Instant, type Sample } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire/sent";
import type { Boot } from "./boot.ts";
import type { Counted } from "./devices.ts";
import type { Hardware } from "./hardware.ts";
import { type Processors, sharesBetween } from "./processor.ts";

export interface HardwarePoll {
  readonly region: string;
  readonly host: string;
  readonly at: Instant;
  readonly hardware: Hardware;
  /** The life in which its counters count; without one they are not told. */
  readonly boot: Boot | undefined;
  /** What the processors had done at the poll before, in the same life. */
  readonly before: Processors | undefined;
}

type Amount = readonly [meter: string, value: bigint];

/** Nobody's usage: a host is the cloud's own. */
export function hardwareSamples(poll: HardwarePoll): Sample[] {
  const { hardware, host } = poll;
  const of = (name: string): string => `${host}/${name}`;
  return [
    ...gauges(poll, host, [...processorGauges(poll), ...loads(hardware), ...memory(hardware)]),
    ...hardware.fileSystems.flatMap(({ path, totalBytes, usedBytes }) =>
      gauges(poll, `${host}${path}`, [
        ["hardware.disk.size.total", totalBytes],
        ["hardware.disk.size.used", usedBytes],
      ]),
    ),
    ...counters(poll, host, { name: "", counts: { ...times(hardware.processors), ...hardware.datagrams } }),
    ...[...hardware.disks, ...hardware.interfaces].flatMap((device) => counters(poll, of(device.name), device)),
  ];
}

function processorGauges({ hardware: { processors }, before }: HardwarePoll): Amount[] {
  if (processors === undefined) return [];
  const shares = before === undefined ? undefined : sharesBetween(before, processors);
  return [
    ["hardware.cpu.count", BigInt(processors.count)],
    ...(shares === undefined
      ? []
      : ([
          ["hardware.cpu.util", BigInt(shares.busy)],
          ["hardware.system_stats.cpu.idle", BigInt(shares.idle)],
        ] as const)),
  ];
}

const loads = ({ loads: [one, five, fifteen] = [] }: Hardware): Amount[] =>
  one === undefined || five === undefined || fifteen === undefined
    ? []
    : [
        ["hardware.cpu.load.1min", one],
        ["hardware.cpu.load.5min", five],
        ["hardware.cpu.load.15min", fifteen],
      ];

const memory = ({ memory: said }: Hardware): Amount[] =>
  said === undefined
    ? []
    : [
        ["hardware.memory.total", said.total],
        ["hardware.memory.used", said.used],
        ["hardware.memory.buffer", said.buffer],
        ["hardware.memory.cached", said.cached],
        ["hardware.memory.swap.total", said.swapTotal],
        ["hardware.memory.swap.avail", said.swapFree],
      ];

const times = (processors: Processors | undefined): Counted["counts"] =>
  processors === undefined
    ? {}
    : {
        "hardware.cpu.user": processors.times.user,
        "hardware.cpu.nice": processors.times.nice,
        "hardware.cpu.system": processors.times.system,
        "hardware.cpu.idle": processors.times.idle,
        "hardware.cpu.wait": processors.times.wait,
        "hardware.cpu.interrupt": processors.times.irq + processors.times.softirq,
        "hardware.cpu.steal": processors.times.steal,
        "hardware.cpu.guest": processors.times.guest,
      };

const gauges = (poll: HardwarePoll, resource: string, amounts: readonly Amount[]): Sample[] =>
  amounts.map(([meter, value]) => sample(poll, resource, meter, value));

function counters(poll: HardwarePoll, resource: string, { name: device, counts }: Counted): Sample[] {
  const { boot, host } = poll;
  if (boot === undefined) return [];
  const incarnation = { host, device, startedAt: boot.startedAt, witnessed: boot.witnessed };
  return Object.entries(counts).map(([meter, value]) => sample(poll, resource, meter, value, incarnation));
}

const sample = (
  { region, host, at }: HardwarePoll,
  resource: string,
  meter: string,
  value: bigint,
  incarnation?: Incarnation,
): Sample =>
  sampleOf({
    ...{ region, resource, meter, value, at, project: CLOUD, origin: "poll", stance: "states", source: "host" },
    ...{ dimensions: {}, sequence: at * 1_000, message: `host/${host}/${at}` },
    ...(incarnation === undefined ? {} : { incarnation }),
  });
