import {
  METERS,
  type Meter,
  type MeterKind,
  type MeterSource,
  type Rational,
  rational,
  unitNamed,
} from "@raingauge/domain";
import type { Manners } from "./manners.ts";

/** What a definition says of its meters, wherever their readings come from. */
export interface Defining {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: MeterKind;
  readonly manners: Manners;
  /** The meters' names, each with its unit. */
  readonly units: Readonly<Record<string, string>>;
  readonly dimensions: readonly string[];
  readonly source: MeterSource;
  /** How long a gauge holds where nothing is said. */
  readonly silenceSeconds: number;
}

/** The meter of a definition. What cannot be one is told. */
export function ownMeter(
  { kind, manners, dimensions: told, source, silenceSeconds: otherwise }: Defining,
  name: string,
  written: string,
  wrong: (field: string, says: string) => void,
): Meter {
  const { decimals, silenceSeconds = otherwise, isPriceable, endsOn } = manners;
  const known = unitNamed(written);
  const existence = endsOn.length > 0;
  const resourceType = manners.resourceType ?? name.split(/\W/, 1)[0] ?? name;
  if (!NAME.test(name)) wrong("name", `${JSON.stringify(name)} is not letters, digits and . _ - : only`);
  if (!UNIT.test(written)) wrong("unit", `${JSON.stringify(written)} is no short word`);
  if (known !== undefined && decimals > 0) {
    wrong("raingauge.decimals", `${written} is kept in whole ${known.unit}, which is fine enough`);
  }
  if (existence && kind !== "gauge") wrong("raingauge.ends_on", "only a gauge says that something is there");
  if (existence && METERS.some((meter) => meter.existence && meter.resourceType === resourceType)) {
    wrong(
      "raingauge.resource_type",
      `${resourceType} is a type whose beginnings and ends are known already: choose another`,
    );
  }
  const stray = (manners.dimensions ?? []).filter((dimension) => !told.includes(dimension));
  if (stray.length > 0) wrong("raingauge.dimensions", `${stray.join(", ")}: not among its metadata`);
  const kept = [...new Set(told)].filter((dimension) => manners.dimensions?.includes(dimension) ?? true);
  const dimensions = kind === "cumulative" ? [] : kept;
  for (const dimension of dimensions) {
    if (!LABEL.test(dimension) || RESERVED.includes(dimension)) {
      wrong(
        `metadata.${dimension}`,
        `a dimension cannot be called so: letters, digits and _, and none of ${RESERVED.join(", ")}`,
      );
    }
  }
  return {
    name,
    kind,
    ...(known ?? counted(written, decimals)),
    resourceType,
    existence,
    dimensions,
    isPriceable,
    silenceSeconds,
    sources: [source],
    aliases: [],
  };
}

const NAME = /^[A-Za-z][\w.:-]{0,127}$/;
const UNIT = /^[\w%./ -]{1,63}$/;
const LABEL = /^[A-Za-z]\w{0,63}$/;
const RESERVED = ["region", "project", "resource", "unit", "meter"];
/** What is counted one by one, or by the tenth, the hundredth … */
function counted(unit: string, decimals: number): Pick<Meter, "unit" | "shown"> {
  const factor: Rational = rational(10n ** BigInt(decimals));
  return { unit: decimals === 0 ? unit : `1e-${decimals} ${unit}`, shown: { unit, factor } };
}
