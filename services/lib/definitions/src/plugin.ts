import { minus, type Rational, rational } from "@raingauge/domain";
import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import type { Found } from "./path/find.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** Makes of what was found the values that count; those that it cannot are left out. */
export type Plugin = (found: readonly Found[]) => readonly unknown[];

/** `split`, or `{name: split, parameters: {…}}`. */
export function pluginOf(
  document: Located,
  place: Place,
  written: unknown,
  tell: (problem: Problem) => void,
): Plugin | undefined {
  const name = isTable(written) ? written["name"] : written;
  const parameters = isTable(written) && isTable(written["parameters"]) ? written["parameters"] : {};
  const make = typeof name === "string" && Object.hasOwn(PLUGINS, name) ? PLUGINS[name as PluginName] : undefined;
  if (make === undefined) {
    tell(
      document.problem(place, `no plugin is called ${JSON.stringify(name)}: ${Object.keys(PLUGINS).join(", ")} are`),
    );
    return undefined;
  }
  const made = make(parameters);
  if (typeof made === "function") return made;
  tell(document.problem([...place, "parameters", made.parameter], made.says));
  return undefined;
}

interface Refused {
  readonly parameter: string;
  readonly says: string;
}

type Parameters = Readonly<Record<string, unknown>>;
type PluginName = keyof typeof PLUGINS;

const PLUGINS = { split, bitfield, timedelta, map } as const satisfies Readonly<
  Record<string, (parameters: Parameters) => Plugin | Refused>
>;

function split({ separator = ".", segment = 0, max_split: max }: Parameters): Plugin | Refused {
  if (typeof separator !== "string" || separator === "") return { parameter: "separator", says: "not a text" };
  if (!isCount(segment)) return { parameter: "segment", says: "not a whole number from 0 on" };
  if (max !== undefined && max !== null && !isCount(max)) {
    return { parameter: "max_split", says: "not a whole number from 0 on" };
  }
  return (found) =>
    found.flatMap(({ value }) => {
      const parts = String(value).split(separator);
      const kept =
        isCount(max) && parts.length > max + 1 ? [...parts.slice(0, max), parts.slice(max).join(separator)] : parts;
      return kept[segment] ?? [];
    });
}

/** A number of flags, each set where a field is there, or has a value. */
function bitfield({ initial_bitfield: initial = 0, flags = [] }: Parameters): Plugin | Refused {
  if (!isCount(initial)) return { parameter: "initial_bitfield", says: "not a whole number from 0 on" };
  if (!Array.isArray(flags) || !flags.every(isFlag)) {
    return { parameter: "flags", says: "not a list of {path, bit, value}, with bits from 0 to 30" };
  }
  return (found) => {
    const values = new Map(found.map(({ way, value }) => [way, value]));
    const set = flags.filter(({ path, ...flag }) =>
      "value" in flag ? values.get(path) === flag.value : values.has(path),
    );
    return [set.reduce((bits, { bit }) => bits | (1 << bit), initial)];
  };
}

interface Flag {
  readonly path: string;
  readonly bit: number;
  readonly value?: unknown;
}

const isFlag = (flag: unknown): flag is Flag =>
  isTable(flag) && typeof flag["path"] === "string" && isCount(flag["bit"]) && flag["bit"] <= 30;

/** The seconds between two times, whichever comes first. */
function timedelta(_: Parameters): Plugin {
  return (found) => {
    const [start, end] = found.map(({ value }) => microseconds(value));
    if (found.length !== 2 || start === undefined || end === undefined) return [];
    const between: Rational = minus(rational(end, MILLION), rational(start, MILLION));
    return [between.numerator < 0n ? { ...between, numerator: -between.numerator } : between];
  };
}

const MILLION = 1_000_000n;

/** Times without a zone are in UTC, as services write them. */
function microseconds(value: unknown): bigint | undefined {
  const [, date, time, fraction = "", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:?\d\d)?$/.exec(
      typeof value === "string" ? value : "",
    ) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000n + BigInt(fraction.padEnd(6, "0"));
}

/** Other words for what was found. */
function map({ values, default: otherwise, case_sensitive: isExact = true }: Parameters): Plugin | Refused {
  if (!isTable(values)) return { parameter: "values", says: "missing: what each value is to become" };
  const folded = (value: unknown): string => (isExact === false ? String(value).toLowerCase() : String(value));
  const known = new Map(Object.entries(values).map(([from, to]) => [folded(from), to]));
  return (found) =>
    found
      .map(({ value }) => known.get(folded(value)) ?? otherwise)
      .filter((value) => value !== undefined && value !== null);
}

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0;
