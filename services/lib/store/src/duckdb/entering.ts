import {
  type Dimensions,
  type Incarnation,
  type Instant,
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
  stanceOf(row: number): number;
  /**
   * The same for all rows, once all were entered, and where none can be a duplicate: each is of a series of its own, and later
   * than whatever was read of it. Then these instants are noted as the series' latest.
   */
  advanced(at: Float64Array): Numbers | undefined;
}

/** Row by row. */
export interface Numbers {
  readonly series: Int32Array;
  readonly claim: Int32Array;
  readonly stance: Uint8Array;
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

/** Numbers of a batch's tellings, each asked for once and only for a row that is stored. */
export function tellingNumbers(
  { tellings }: SampleColumns,
  numberOf: (telling: Telling) => number,
): (telling: number) => number {
  const numbers: number[] = [];
  return (telling) => {
    const number = numbers[telling] ?? numberOf(tellings[telling] as Telling);
    numbers[telling] = number;
    return number;
  };
}

/** Whatever the rows of a batch share is looked up once, and once for all batches that share their columns. */
export function entries(catalogue: Catalogue, columns: SampleColumns): Entries {
  const known = catalogue.entered.get(columns.subject);
  if (known?.isOf(columns) === true) return known;
  const made = new EntriesOf(catalogue, columns);
  catalogue.entered.set(columns.subject, made);
  return made;
}

type Named = Pick<SampleColumns, "subjects" | "meters" | "incarnations" | "subject" | "meter" | "incarnation">;

interface Claimed extends Omit<Said, "dimensions"> {
  readonly slot: number;
  readonly number: number;
}

export class EntriesOf implements Entries {
  readonly #catalogue: Catalogue;
  readonly #columns: Named;
  readonly #series: (Series | undefined)[];
  readonly #claimNumbers: Int32Array;
  #numbers: Numbers | undefined;
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

  constructor(
    catalogue: Catalogue,
    { count, subjects, meters, incarnations, subject, meter, incarnation }: SampleColumns,
  ) {
    this.#catalogue = catalogue;
    // Of the batch nothing else is kept: others come after it.
    this.#columns = { subjects, meters, incarnations, subject, meter, incarnation };
    this.#series = new Array(count);
    this.#claimNumbers = new Int32Array(count).fill(-1);
    this.#stances = subjects.map(({ stance }) => codeOf(stance));
    this.#ends = subjects.map(({ stance }) => stance === "ends" || stance === "vanishes");
  }

  isOf({ subjects, meters, incarnations, subject, meter, incarnation }: SampleColumns): boolean {
    const mine = this.#columns;
    const namesAlike = mine.subjects === subjects && mine.meters === meters && mine.incarnations === incarnations;
    return namesAlike && mine.subject === subject && mine.meter === meter && mine.incarnation === incarnation;
  }

  seriesOf(row: number): Series {
    const subject = this.#columns.subject[row] ?? -1;
    const series = this.#series[row] ?? this.#findSeries(row, subject);
    this.#series[row] = series;
    const project = this.#projects[subject] ?? "";
    if (series.project !== project) this.#catalogue.enterProject(series, project);
    return series;
  }

  claimOf(row: number): number {
    const known = this.#claimNumbers[row] ?? -1;
    if (known >= 0) return known;
    const number = this.#findClaim(row);
    this.#claimNumbers[row] = number;
    return number;
  }

  stanceOf(row: number): number {
    return this.#stances[this.#columns.subject[row] ?? -1] ?? 0;
  }

  advanced(at: Float64Array): Numbers | undefined {
    this.#numbers ??= this.#allNumbers();
    if (this.#numbers === undefined) return undefined;
    const series = this.#series as readonly Series[];
    for (let row = 0; row < series.length; row += 1)
      if ((at[row] ?? 0) <= (series[row] as Series).lastAt) return undefined;
    for (let row = 0; row < series.length; row += 1) (series[row] as Series).lastAt = at[row] as Instant;
    return this.#numbers;
  }

  /** Once each of them was asked for; never where two rows are of one series. */
  #allNumbers(): Numbers | undefined {
    if (this.#claimNumbers.includes(-1)) return undefined;
    const series = Int32Array.from(this.#series, (each) => each?.id ?? -1);
    if (new Set(series).size < series.length) return undefined;
    return { series, claim: this.#claimNumbers, stance: Uint8Array.from(series, (_, row) => this.stanceOf(row)) };
  }

  #findSeries(row: number, subject: number): Series {
    const meter = this.#columns.meter[row] ?? -1;
    const life = this.#lifeOf(subject, meter, this.#columns.incarnation[row] ?? -1);
    const shelf = this.#shelves[subject] ?? this.#fetchShelf(subject);
    const number = this.#meters[meter] ?? this.#numberMeter(meter);
    return seriesIn(shelf, number, life) ?? this.#enterSeries(shelf, subject, meter, life);
  }

  #findClaim(row: number): number {
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
