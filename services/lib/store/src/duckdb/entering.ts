import {
  type Dimensions,
  type Incarnation,
  incarnationKey,
  meterNamed,
  type SampleColumns,
  type Subject,
  type Telling,
} from "@raingauge/domain";
import { codeOf } from "../stance.ts";
import type { Catalogue, Claim, Series } from "./catalogue.ts";
import { type Shelf, seriesIn } from "./shelf.ts";

/** The numbers of what a batch names, entered where they are new. */
export interface Entries {
  seriesOf(row: number): Series;
  claimOf(row: number): number;
  tellingOf(row: number): number;
  stanceOf(row: number): number;
}

/** Numbers of tellings; a message is entered once for all the readings of an append that it brought. */
export function tellingBook(catalogue: Catalogue): (telling: Telling) => number {
  const numbers = new Map<string, number>();
  return (telling) => {
    const { message, sequence, transition } = telling;
    const key = `${sequence} ${transition?.length ?? -1} ${transition ?? ""}${message}`;
    const number = numbers.get(key) ?? catalogue.enterTelling(telling);
    numbers.set(key, number);
    return number;
  };
}

/** Whatever the rows of a batch share is looked up once. */
export const entries = (
  catalogue: Catalogue,
  columns: SampleColumns,
  numberOf: (telling: Telling) => number,
): Entries => new EntriesOf(catalogue, columns, numberOf);

interface Claimed extends Omit<Said, "dimensions"> {
  readonly slot: number;
  readonly number: number;
}

class EntriesOf implements Entries {
  readonly #catalogue: Catalogue;
  readonly #columns: SampleColumns;
  readonly #numberOf: (telling: Telling) => number;
  readonly #shelves: Shelf[] = [];
  readonly #projects: string[] = [];
  readonly #stances: readonly number[];
  readonly #ends: readonly boolean[];
  readonly #meters: number[] = [];
  readonly #counted: boolean[] = [];
  readonly #lives: string[] = [];
  readonly #claims = new Map<number, number>();
  /** Many subjects claim the same: machines of one project and flavor. */
  readonly #claimed = new Map<Dimensions, Claimed[]>();
  readonly #tellings: number[] = [];

  constructor(catalogue: Catalogue, columns: SampleColumns, numberOf: (telling: Telling) => number) {
    this.#catalogue = catalogue;
    this.#columns = columns;
    this.#numberOf = numberOf;
    this.#stances = columns.subjects.map(({ stance }) => codeOf(stance));
    this.#ends = columns.subjects.map(({ stance }) => stance === "ends" || stance === "vanishes");
  }

  seriesOf(row: number): Series {
    const subject = this.#columns.subject[row] ?? -1;
    const meter = this.#columns.meter[row] ?? -1;
    const life = this.#lifeOf(subject, meter, this.#columns.incarnation[row] ?? -1);
    const shelf = this.#shelves[subject] ?? this.#fetchShelf(subject);
    const number = this.#meters[meter] ?? this.#numberMeter(meter);
    const series = seriesIn(shelf, number, life) ?? this.#enterSeries(shelf, subject, meter, life);
    const project = this.#projects[subject] ?? "";
    if (series.project !== project) this.#catalogue.enterProject(series, project);
    return series;
  }

  claimOf(row: number): number {
    const subject = this.#columns.subject[row] ?? -1;
    const incarnation = this.#columns.incarnation[row] ?? -1;
    const named = this.#isCounted(this.#columns.meter[row] ?? -1) && this.#ends[subject] !== true;
    const life = this.#columns.incarnations[incarnation];
    const slot = !named ? incarnation + 3 : life === undefined ? 2 : Number(life.witnessed);
    const key = subject * (this.#columns.incarnations.length + 3) + slot;
    const known = this.#claims.get(key);
    if (known !== undefined) return known;
    const number = this.#claim(this.#subject(subject), slot, () => claimOf(this.#subject(subject), life, named));
    this.#claims.set(key, number);
    return number;
  }

  tellingOf(row: number): number {
    const telling = this.#columns.telling[row] ?? -1;
    const known = this.#tellings[telling];
    if (known !== undefined) return known;
    const number = this.#numberOf(this.#columns.tellings[telling] as Telling);
    this.#tellings[telling] = number;
    return number;
  }

  stanceOf(row: number): number {
    return this.#stances[this.#columns.subject[row] ?? -1] ?? 0;
  }

  #subject(subject: number): Subject {
    return this.#columns.subjects[subject] as Subject;
  }

  #fetchShelf(subject: number): Shelf {
    const shelf = this.#catalogue.shelfOf(this.#subject(subject));
    this.#shelves[subject] = shelf;
    this.#projects[subject] = this.#catalogue.named(this.#subject(subject).project);
    return shelf;
  }

  #numberMeter(meter: number): number {
    const number = this.#catalogue.meterNumber(this.#columns.meters[meter] ?? "");
    this.#meters[meter] = number;
    return number;
  }

  #isCounted(meter: number): boolean {
    this.#counted[meter] ??= meterNamed(this.#columns.meters[meter] ?? "")?.kind === "cumulative";
    return this.#counted[meter] === true;
  }

  /** The end of a resource says nothing of its counters, so that ends lie apart from every incarnation. */
  #lifeOf(subject: number, meter: number, incarnation: number): string {
    if (!this.#isCounted(meter)) return "";
    if (this.#ends[subject] === true) return "ends";
    if (incarnation < 0) return "";
    this.#lives[incarnation] ??= this.#catalogue.named(incarnationKey(this.#columns.incarnations[incarnation]));
    return this.#lives[incarnation] ?? "";
  }

  #enterSeries(shelf: Shelf, subject: number, meter: number, life: string): Series {
    const { region, resource } = this.#subject(subject);
    return this.#catalogue.enterSeries(shelf, { region, resource, meter: this.#columns.meters[meter] ?? "", life });
  }

  #claim({ project, origin, source, dimensions }: Subject, slot: number, make: () => Claim): number {
    const alike = this.#claimed.get(dimensions) ?? [];
    this.#claimed.set(dimensions, alike);
    const known = alike.find(
      (one) => one.slot === slot && one.project === project && one.origin === origin && one.source === source,
    );
    if (known !== undefined) return known.number;
    const number = this.#catalogue.enterClaim(make());
    alike.push({ project, origin, source, slot, number });
    return number;
  }
}

interface Said {
  readonly project: string;
  readonly origin: Subject["origin"];
  readonly source: string;
  readonly dimensions: Dimensions;
}

function claimOf({ project, origin, source, dimensions }: Said, life: Incarnation | undefined, named: boolean): Claim {
  const said = { project, origin, source, dimensions };
  if (life === undefined) return said;
  return named ? { ...said, witnessed: life.witnessed } : { ...said, incarnation: life };
}
