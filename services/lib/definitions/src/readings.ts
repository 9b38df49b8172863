import { type Meter, times } from "@raingauge/domain";
import { type Converted, convert, type Nothing } from "./convert.ts";
import type { Message } from "./message.ts";
import type { MeterDefinition } from "./meter-definition.ts";
import { plainText } from "./plain-text.ts";

/** What a definition says of one meter of the operator's own: a sample without its bookkeeping. */
export interface DefinedReading {
  readonly meter: Meter;
  readonly value: bigint;
  readonly resource: string;
  readonly project: string;
  readonly timestamp?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** For a meter that says that something is there: whether this message says that it is no more. */
  readonly ends: boolean;
}

export interface LeftOut extends Nothing {
  readonly definition: MeterDefinition;
}

export const isLeftOut = (reading: DefinedReading | LeftOut): reading is LeftOut => "nothing" in reading;

/** What the acting definitions make of a message, or for each of those that hear it, why nothing. */
export function readingsOf(
  definitions: readonly MeterDefinition[],
  meterNamed: (name: string) => Meter | undefined,
  message: Message,
): readonly (DefinedReading | LeftOut)[] {
  return definitions
    .filter((definition) => definition.hears(message.event_type))
    .flatMap((definition) =>
      summed(
        convert(definition, message).map((each) =>
          "nothing" in each ? each : readingOf(definition, meterNamed, each, message),
        ),
      ).map((each) => ("nothing" in each ? { ...each, definition } : each)),
    );
}

function readingOf(
  { manners }: MeterDefinition,
  meterNamed: (name: string) => Meter | undefined,
  { name, volume, resource, project, timestamp, metadata, unit }: Converted,
  { event_type: type }: Message,
): DefinedReading | Nothing {
  const meter = meterNamed(name);
  if (meter === undefined) return { nothing: `${name} is not among the names of this definition` };
  if (manners.names[name] !== undefined && manners.names[name] !== unit) {
    return { nothing: `${name} is told in ${unit}, and defined in ${manners.names[name]}` };
  }
  if (project === undefined)
    return { nothing: "“project_id” finds nothing: what belongs to nobody is nobody's to pay for" };
  const { numerator, denominator } = times(volume, meter.shown.factor);
  if (numerator < 0n) return { nothing: "“volume” is negative" };
  // What was measured and is finer than its unit is rounded down; what counts as it stands may lose nothing.
  if (numerator % denominator !== 0n && (meter.existence || meter.kind === "delta")) {
    return { nothing: `“volume” is not a whole number of ${meter.unit}; raingauge: {decimals: …} keeps more of it` };
  }
  return {
    meter,
    value: numerator / denominator,
    resource,
    project,
    ...(timestamp === undefined ? {} : { timestamp }),
    dimensions: Object.fromEntries(
      Object.entries(metadata)
        .filter(([key]) => meter.dimensions.includes(key))
        .map(([key, value]) => [key, plainText(value)] as const),
    ),
    ends: manners.endsOn.includes(type),
  };
}

/** Differences of one meter and resource in one message are one reading, or two equal ones would be taken for one told twice. */
function summed(readings: readonly (DefinedReading | Nothing)[]): readonly (DefinedReading | Nothing)[] {
  const sums = new Map<string, DefinedReading>();
  const others = readings.filter((reading) => {
    if ("nothing" in reading || reading.meter.kind !== "delta") return true;
    const { meter, resource, project, dimensions, timestamp, value } = reading;
    const key = JSON.stringify([meter.name, resource, project, dimensions, timestamp]);
    sums.set(key, { ...reading, value: value + (sums.get(key)?.value ?? 0n) });
    return false;
  });
  return [...others, ...sums.values()];
}
