import type { Dimensions, Incarnation, Instant, Origin, Sample, Stance } from "@raingauge/domain";
import { identitiesOf } from "@raingauge/wire";

/** A reading as it rests here. Its identity is worked out when it is asked for, which is seldom. */
export class StoredReading<TellingId = number> implements Sample {
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
  /** What its store knows its delivery by. */
  readonly tellingId: TellingId;
  /** The first byte of its identity. */
  readonly mark: number;
  #id: string | undefined;

  constructor(said: Omit<Sample, "id">, tellingId: TellingId, mark: number) {
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
    this.mark = mark;
  }

  get id(): string {
    this.#id ??= identityFrom(this, this.mark);
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

/** What the reading was named, as far as its mark tells; of an altered one a name that is not its own. */
function identityFrom(reading: Omit<Sample, "id">, mark: number): string {
  const candidates = identitiesOf(reading);
  const id = candidates.find((each) => Number.parseInt(each.slice(0, 2), 16) === mark);
  return id ?? `${mark.toString(16).padStart(2, "0")}${candidates[0]?.slice(2)}`;
}
