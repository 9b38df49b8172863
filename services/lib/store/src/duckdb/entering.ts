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
import type { Catalogue, Series, Shelf } from "./catalogue.ts";

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
export function entries(catalogue: Catalogue, columns: SampleColumns, numberOf: (telling: Telling) => number): Entries {
  const { subjects, meters, incarnations, tellings } = columns;
  const shelves: Shelf[] = [];
  const stances = subjects.map(({ stance }) => codeOf(stance));
  const ends = subjects.map(({ stance }) => stance === "ends" || stance === "vanishes");
  const counted: boolean[] = [];
  const lives: string[] = [];
  const claims = new Map<number, number>();
  const numbers: number[] = [];

  const isCounted = (meter: number): boolean => {
    counted[meter] ??= meterNamed(meters[meter] ?? "")?.kind === "cumulative";
    return counted[meter] === true;
  };
  /** The end of a resource says nothing of its counters, so that ends lie apart from every incarnation. */
  const lifeOf = (subject: number, meter: number, incarnation: number): string => {
    if (!isCounted(meter)) return "";
    if (ends[subject] === true) return "ends";
    if (incarnation < 0) return "";
    lives[incarnation] ??= incarnationKey(incarnations[incarnation]);
    return lives[incarnation] ?? "";
  };
  const claim = (subject: number, meter: number, incarnation: number): number => {
    const named = isCounted(meter) && ends[subject] !== true;
    const life = incarnations[incarnation];
    const slot = !named ? incarnation + 3 : life === undefined ? 2 : Number(life.witnessed);
    const key = subject * (incarnations.length + 3) + slot;
    const known = claims.get(key);
    if (known !== undefined) return known;
    const number = catalogue.enterClaim(claimOf(subjects[subject] as Subject, life, named));
    claims.set(key, number);
    return number;
  };

  return {
    seriesOf(row) {
      const subject = columns.subject[row] ?? -1;
      const meter = columns.meter[row] ?? -1;
      const life = lifeOf(subject, meter, columns.incarnation[row] ?? -1);
      const { region, resource, project } = subjects[subject] as Subject;
      const shelf = shelves[subject] ?? catalogue.shelfOf({ region, resource });
      shelves[subject] = shelf;
      const name = meters[meter] ?? "";
      const series =
        shelf.get(name)?.get(life) ?? catalogue.enterSeries(shelf, { region, resource, meter: name, life });
      if (!series.projects.has(project)) catalogue.enterProject(series, project);
      return series;
    },
    claimOf: (row) => claim(columns.subject[row] ?? -1, columns.meter[row] ?? -1, columns.incarnation[row] ?? -1),
    tellingOf(row) {
      const telling = columns.telling[row] ?? -1;
      const number = numbers[telling] ?? numberOf(tellings[telling] as Telling);
      numbers[telling] = number;
      return number;
    },
    stanceOf: (row) => stances[columns.subject[row] ?? -1] ?? 0,
  };
}

interface Said {
  readonly project: string;
  readonly origin: Subject["origin"];
  readonly source: string;
  readonly dimensions: Dimensions;
}

function claimOf({ project, origin, source, dimensions }: Said, life: Incarnation | undefined, named: boolean) {
  const said = { project, origin, source, dimensions };
  if (life === undefined) return said;
  return named ? { ...said, witnessed: life.witnessed } : { ...said, incarnation: life };
}
