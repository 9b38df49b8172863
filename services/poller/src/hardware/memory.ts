/** What `/proc/meminfo` tells, in bytes. */
export interface Memory {
  readonly total: bigint;
  /** What is not to be had any more: caches are, so they do not count. */
  readonly used: bigint;
  readonly buffer: bigint;
  readonly cached: bigint;
  readonly swapTotal: bigint;
  readonly swapFree: bigint;
}

const KIBIBYTE = 1024n;

export function memoryIn(meminfo: string): Memory | undefined {
  const said = new Map([...meminfo.matchAll(/^(\w+): +(\d{1,15}) kB$/gm)].map(([, name, amount]) => [name, amount]));
  const amount = (name: string): bigint | undefined => {
    const written = said.get(name);
    return written === undefined ? undefined : BigInt(written) * KIBIBYTE;
  };
  const [total, free] = [amount("MemTotal"), amount("MemFree")];
  if (total === undefined || free === undefined) return undefined;
  const [buffer = 0n, cached = 0n] = [amount("Buffers"), amount("Cached")];
  const available = amount("MemAvailable") ?? free + buffer + cached;
  return {
    ...{ total, used: available < total ? total - available : 0n, buffer, cached },
    ...{ swapTotal: amount("SwapTotal") ?? 0n, swapFree: amount("SwapFree") ?? 0n },
  };
}
