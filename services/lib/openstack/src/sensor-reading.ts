/** What a sensor reads, as `ipmitool` writes it and Ironic repeats it: `23 (+/- 0.500) degrees C`. */
export interface WrittenReading {
  /** Exactly: a reading with more decimals is rounded to the nearest. */
  readonly thousandths: bigint;
  /** In the words of `ipmitool`. */
  readonly unit: string;
}

/** Undefined for a sensor that is switched off, or that reads no number. */
export function writtenReading(text: string): WrittenReading | undefined {
  const [, sign, number = "", unit = ""] = WRITTEN.exec(text.trim()) ?? [];
  const thousandths = thousandthsIn(number);
  if (sign === undefined || thousandths === undefined || unit === "") return undefined;
  return { thousandths: sign === "-" ? -thousandths : thousandths, unit };
}

const WRITTEN = /^([-+]?)(\d+(?:\.\d+)?)(?: \([^)]*\))? ([A-Za-z%][A-Za-z %/]*)$/;

/** Of a number without a sign. */
export function thousandthsIn(number: string): bigint | undefined {
  const [, whole, decimals = ""] = /^(\d{1,15})(?:\.(\d+))?$/.exec(number) ?? [];
  if (whole === undefined) return undefined;
  const [kept, next] = [decimals.padEnd(3, "0").slice(0, 3), decimals[3] ?? "0"];
  return BigInt(whole + kept) + (next >= "5" ? 1n : 0n);
}
