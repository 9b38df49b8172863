/** What `/proc/stat` and `/proc/loadavg` tell. */
export interface Processors {
  readonly count: number;
  /** By what it went to; nanoseconds since the host started, of all its processors together. */
  readonly times: Readonly<Record<ProcessorTime, bigint>>;
  /** When the host started, in seconds since 1970. */
  readonly startedAt: number | undefined;
}

const TIMES = ["user", "nice", "system", "idle", "wait", "irq", "softirq", "steal", "guest"] as const;
type ProcessorTime = (typeof TIMES)[number];

/** The kernel counts in hundredths of a second for whoever reads `/proc`, however fast its own clock ticks. */
const TICK_NANOSECONDS = 10_000_000n;

export function processorsIn(stat: string): Processors | undefined {
  const [, ...ticks] = (/^cpu +.*$/m.exec(stat)?.[0] ?? "").trim().split(/\s+/);
  // An older kernel knows fewer: what it does not count is none.
  const numbers = TIMES.map((_, index) => ticks[index] ?? "0");
  if (ticks.length < 4 || !numbers.every((each) => /^\d{1,18}$/.test(each))) return undefined;
  const times = TIMES.map((time, index) => [time, BigInt(numbers[index] ?? 0) * TICK_NANOSECONDS] as const);
  const started = /^btime (\d{1,12})$/m.exec(stat)?.[1];
  return {
    count: [...stat.matchAll(/^cpu\d+ /gm)].length,
    times: Object.fromEntries(times) as Processors["times"],
    startedAt: started === undefined ? undefined : Number(started),
  };
}

/** What went to anything between two looks, and what to nothing; guests are part of what their owners used. */
export function sharesBetween(before: Processors, after: Processors): { busy: number; idle: number } | undefined {
  const spent = (time: ProcessorTime): bigint => {
    const grown = after.times[time] - before.times[time];
    return grown > 0n ? grown : 0n;
  };
  const idle = spent("idle") + spent("wait");
  const busy = (["user", "nice", "system", "irq", "softirq", "steal"] as const).reduce(
    (sum, each) => sum + spent(each),
    0n,
  );
  const all = idle + busy;
  if (all === 0n) return undefined;
  const millionths = Number((busy * 1_000_000n) / all);
  return { busy: millionths, idle: 1_000_000 - millionths };
}

/** In thousandths: the kernel tells hundredths. */
export function loadsIn(loadavg: string): readonly bigint[] | undefined {
  const [, ...loads] = /^(\d{1,9}\.\d\d) (\d{1,9}\.\d\d) (\d{1,9}\.\d\d) /.exec(loadavg) ?? [];
  return loads.length === 3 ? loads.map((each) => BigInt(each.replace(".", "")) * 10n) : undefined;
}
