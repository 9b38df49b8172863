const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$/;

/** `1h30m` in milliseconds; undefined for what is no duration. */
export function durationOf(text: string): number | undefined {
  if (text === "" || !DURATION.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (total, [, count, unit = ""]) => total + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
}

/** A number, or a duration as its seconds. */
export function numberOf(text: string): number | undefined {
  const plain = text.toLowerCase();
  const [, sign = "", word = ""] = /^([+-]?)(inf|nan)$/.exec(plain) ?? [];
  if (word !== "")
    return word === "nan" ? Number.NaN : sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const duration = durationOf(text);
  if (duration !== undefined) return duration / 1_000;
  if (/^[+-]?0x[0-9a-f]+$/.test(plain))
    return plain.startsWith("-") ? -Number(plain.slice(1)) : Number(plain.replace("+", ""));
  if (/^[+-]?0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  const value = Number(plain.replaceAll("_", ""));
  return plain === "" || Number.isNaN(value) ? undefined : value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The text between quotes as Go reads it; undefined where an escape means nothing. */
export function unquoted(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith("`")) return inner;
  let isBad = false;
  const text = inner.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
    (_, x?: string, u?: string, long?: string, octal?: string, one = "") => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (one === "\\" || one === '"' || one === "'") return one;
      isBad ||= ESCAPES[one] === undefined;
      return ESCAPES[one] ?? "";
    },
  );
  return isBad ? undefined : text;
}
