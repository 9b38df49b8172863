import { CLOUD, dialNamed, type Instant, type Sample, UNBOUNDED } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";

/** What a dial stood at. */
export interface DialReading {
  readonly dial: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In the unit in which it is shown; below zero for what has no bound or no number. */
  readonly value: number;
  /** Whose it is, of a dial that a project may see. */
  readonly project?: string;
}

/** One that says nothing where there is nothing to say, or something that is no number. */
export const dial = (
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number | undefined,
  project?: string,
): DialReading[] =>
  value === undefined || Number.isNaN(value)
    ? []
    : [{ dial: name, labels, value, ...(project === undefined ? {} : { project }) }];

export interface Dialled {
  readonly region: string;
  readonly at: Instant;
  readonly message: string;
}

/** As it is kept. All readings of one sweep stand at one instant, so that they can be set beside each other. */
export function dialSample(
  { dial: name, labels, value, project }: DialReading,
  { region, at, message }: Dialled,
): Sample {
  const known = dialNamed(name);
  if (known === undefined) throw new RangeError(`there is no dial ${name}`);
  const dimensions = Object.fromEntries(known.labels.flatMap((label) => labelled(label, labels[label])));
  return sampleOf({
    ...{ region, at, message, meter: name, origin: "api", stance: "states", source: known.collector },
    project: project ?? CLOUD,
    resource: [known.collector, ...keyOf(dimensions)].join("/"),
    value: stored(value, known.shown.factor.numerator),
    dimensions,
    sequence: at * 1_000,
  });
}

/** Labels are for recognising a thing, not for storing documents in. */
const LABEL_CHARACTERS_MAX = 255;

const labelled = (label: string, value: string | undefined): (readonly [string, string])[] =>
  value === undefined || value === "" ? [] : [[label, value.slice(0, LABEL_CHARACTERS_MAX)]];

/** What has an id goes on under it when the rest of its labels changes: the line before ends there, as it does in Prometheus. */
function keyOf(dimensions: Readonly<Record<string, string>>): readonly string[] {
  const id = dimensions["id"] ?? (dimensions["resourcetype"] === undefined ? dimensions["uuid"] : undefined);
  return id === undefined ? Object.values(dimensions) : [id];
}

function stored(value: number, factor: bigint): bigint {
  if (value < 0 || value === Number.POSITIVE_INFINITY) return UNBOUNDED;
  const whole = BigInt(Math.round(value * Number(factor)));
  return whole < UNBOUNDED ? whole : UNBOUNDED - 1n;
}
