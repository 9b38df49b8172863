import type { Dimensions, Incarnation, Instant, Origin, Sample, Stance } from "@raingauge/domain";
import { identitiesOf } from "@raingauge/wire";
import { type Cells, integer, optional, text, whole } from "./answer.ts";
import type { Catalogue, Claim, Series } from "./catalogue.ts";
import { stanceOf } from "./stance.ts";

/** A reading as it rests here. Its identity is worked out when it is asked for, which is seldom. */
export class StoredReading implements Sample {
  readonly region: string;
  readonly project: string;
  readonly meter: string;
  readonly resource: string;
  readonly at: Instant;
  readonly value: bigint;
  readonly origin: Origin;
  readonly source: string;
  readonly stance: Stance;
  readonly dimensions: Dimensions;
  readonly sequence: number;
  /** Only where it decides what the reading is: of a difference. */
  readonly message: string;
  declare readonly transition?: string;
  declare readonly incarnation?: Incarnation;
  /** Grows with the order of arrival. */
  readonly tellingId: number;
  readonly #mark: number;
  #id: string | undefined;

  constructor(said: Omit<Sample, "id">, tellingId: number, mark: number) {
    this.region = said.region;
    this.project = said.project;
    this.meter = said.meter;
    this.resource = said.resource;
    this.at = said.at;
    this.value = said.value;
    this.origin = said.origin;
    this.source = said.source;
    this.stance = said.stance;
    this.dimensions = said.dimensions;
    this.sequence = said.sequence;
    this.message = said.message;
    if (said.transition !== undefined) this.transition = said.transition;
    if (said.incarnation !== undefined) this.incarnation = said.incarnation;
    this.tellingId = tellingId;
    this.#mark = mark;
  }

  get id(): string {
    this.#id ??= identityFrom(this, this.#mark);
    return this.#id;
  }

  /** A sample, and not how it lies here. */
  shown(message: string): Sample {
    const { id, region, project, meter, resource, at, value, origin, source, stance, dimensions, sequence } = this;
    return {
      id,
      region,
      project,
      meter,
      resource,
      at,
      value,
      origin,
      source,
      stance,
      dimensions,
      sequence,
      message,
      ...(this.transition === undefined ? {} : { transition: this.transition }),
      ...(this.incarnation === undefined ? {} : { incarnation: this.incarnation }),
    };
  }
}

/** Cells: value, stance, claim, telling, mark, sequence, transition, message. */
export function storedReading(catalogue: Catalogue, seriesId: number, at: Instant, cells: Cells): StoredReading {
  const [value, stance, claimId, telling, mark, sequence, transition, message] = cells;
  const series = catalogue.series[seriesId];
  const claim = catalogue.claims[integer(claimId)];
  if (series === undefined || claim === undefined)
    throw new RangeError(`no series has the number ${seriesId}, or no claim the number ${String(claimId)}`);
  const { region, meter, resource } = series;
  const { project, origin, source, dimensions } = claim;
  const passage = optional(transition, text);
  const incarnation = incarnationOf(series, claim);
  const said = {
    region,
    project,
    meter,
    resource,
    at,
    value: whole(value),
    origin,
    source,
    stance: stanceOf(integer(stance)),
    dimensions,
    sequence: integer(sequence),
    message: optional(message, text) ?? "",
    ...(passage === undefined ? {} : { transition: passage }),
    ...(incarnation === undefined ? {} : { incarnation }),
  };
  return new StoredReading(said, integer(telling), integer(mark));
}

const lives = new WeakMap<Series, Map<boolean, Incarnation>>();

/** A counter's life is said once, by its series; all its readings share the object. */
export function incarnationOf(series: Series, { witnessed, incarnation }: Claim): Incarnation | undefined {
  if (witnessed === undefined) return incarnation;
  const known = lives.get(series) ?? new Map<boolean, Incarnation>();
  lives.set(series, known);
  const shared = known.get(witnessed);
  if (shared !== undefined) return shared;
  const [host, device, startedAt] = JSON.parse(series.life);
  const made = { host, device, startedAt, witnessed };
  known.set(witnessed, made);
  return made;
}

/** What the reading was named, as far as its mark tells; of an altered one a name that is not its own. */
function identityFrom(reading: StoredReading, mark: number): string {
  const candidates = identitiesOf(reading);
  const id = candidates.find((each) => Number.parseInt(each.slice(0, 2), 16) === mark);
  return id ?? `${mark.toString(16).padStart(2, "0")}${candidates[0]?.slice(2)}`;
}
