import { type Dimensions, dimensionsKey, type Incarnation, incarnationKey, type Sample } from "@raingauge/domain";
import { Dictionary } from "./dictionary.ts";
import type { SampleTables } from "./document.ts";

/** Subject, meter (a word), milliseconds since the batch's `at`, value, incarnation, telling. */
export const CELLS_PER_SAMPLE = 6;
/** The number of what is not there. */
export const NOTHING = -1;

/** Samples as tables, whatever repeats said once. */
export function tablesOf(samples: readonly Sample[]): SampleTables {
  const scribe = new Scribe();
  const at = samples[0]?.at ?? 0;
  const cells = samples.flatMap((sample) => [
    scribe.subject(sample),
    scribe.word(sample.meter),
    sample.at - at,
    cellOf(sample.value),
    scribe.incarnation(sample.incarnation),
    scribe.telling(sample),
  ]);
  const ids = Buffer.from(samples.map(({ id }) => id).join(""), "hex").toString("base64");
  return { ...scribe.dictionaries(), at, samples: cells, ids };
}

/** JSON's readers keep integers up to 2^53-1 only; what is larger travels as text. */
const cellOf = (value: bigint): number | string => (value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value));

type Row<Name extends "incarnations" | "subjects" | "tellings"> = SampleTables[Name][number];

/** Writes the dictionaries while the samples pass. */
class Scribe {
  readonly #words = new Dictionary<string>();
  readonly #dimensions = new Dictionary<number[]>();
  readonly #incarnations = new Dictionary<Row<"incarnations">>();
  readonly #subjects = new Dictionary<Row<"subjects">>();
  readonly #tellings = new Dictionary<Row<"tellings">>();

  word(text: string): number {
    return this.#words.number(text, () => text);
  }

  subject({ region, project, resource, source, origin, stance, dimensions }: Sample): number {
    const names = [this.word(region), this.word(project), this.word(resource), this.word(source)] as const;
    const row: Row<"subjects"> = [...names, origin, stance, this.dimensions(dimensions)];
    return this.#subjects.number(row.join(), () => row);
  }

  dimensions(dimensions: Dimensions): number {
    return this.#dimensions.number(dimensionsKey(dimensions), () =>
      inNameOrder(dimensions)
        .flat()
        .map((text) => this.word(text)),
    );
  }

  telling({ message, sequence, transition }: Sample): number {
    const row: Row<"tellings"> = [
      this.word(message),
      sequence,
      transition === undefined ? NOTHING : this.word(transition),
    ];
    return this.#tellings.number(row.join(), () => row);
  }

  incarnation(life: Incarnation | undefined): number {
    if (life === undefined) return NOTHING;
    const { host, device, startedAt, witnessed } = life;
    return this.#incarnations.number(`${witnessed} ${incarnationKey(life)}`, () => [
      this.word(host),
      this.word(device),
      startedAt,
      witnessed,
    ]);
  }

  dictionaries(): Omit<SampleTables, "at" | "samples" | "ids"> {
    return {
      words: this.#words.entries,
      dimensions: this.#dimensions.entries,
      incarnations: this.#incarnations.entries,
      subjects: this.#subjects.entries,
      tellings: this.#tellings.entries,
    };
  }
}

const inNameOrder = (dimensions: Dimensions): [string, string][] =>
  Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1));
