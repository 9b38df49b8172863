import {
  type Incarnation,
  incarnationKey,
  meterNamed,
  type SampleColumns,
  type Subject,
  type Telling,
} from "@raingauge/domain";
import { codeOf } from "../stance.ts";
import type { Claim } from "./catalogue.ts";
import type { Known, KnownClaim, KnownSeries } from "./known.ts";

/** The keys of what a batch names, entered where they are new; whatever its rows share is looked up once. */
export interface Entries {
  seriesOf(row: number): KnownSeries;
  claimOf(row: number): KnownClaim;
  tellingOf(row: number): number;
  stanceOf(row: number): number;
}

export function entries(known: Known, columns: SampleColumns, tellings: Tellings): Entries {
  const { subjects, meters, incarnations } = columns;
  const stances = subjects.map(({ stance }) => codeOf(stance));
  const ends = subjects.map(({ stance }) => stance === "ends" || stance === "vanishes");
  const counted = meters.map((meter) => meterNamed(meter)?.kind === "cumulative");
  const lives = incarnations.map(incarnationKey);
  const series = new Map<number, KnownSeries>();
  const claims = new Map<number, KnownClaim>();
  const numbers: number[] = [];
  const slots = incarnations.length + 1;

  /** The end of a resource says nothing of its counters, so that ends lie apart from every incarnation. */
  const lifeOf = (subject: number, incarnation: number): string =>
    ends[subject] === true ? "ends" : (lives[incarnation] ?? "");

  return {
    seriesOf(row) {
      const [subject = -1, meter = -1] = [columns.subject[row], columns.meter[row]];
      const incarnation = counted[meter] === true ? (columns.incarnation[row] ?? -1) : -1;
      const name = (subject * meters.length + meter) * slots + incarnation + 1;
      const before = series.get(name);
      if (before !== undefined) return before;
      const { region, resource, project } = subjects[subject] as Subject;
      const life = counted[meter] === true ? lifeOf(subject, incarnation) : "";
      const entered = known.series({ region, resource, meter: meters[meter] ?? "", life });
      if (!entered.projects.has(project)) known.enterProject(entered, project);
      series.set(name, entered);
      return entered;
    },
    claimOf(row) {
      const [subject = -1, meter = -1, incarnation = -1] = [
        columns.subject[row],
        columns.meter[row],
        columns.incarnation[row],
      ];
      const named = counted[meter] === true && ends[subject] !== true;
      const name = (subject * slots + incarnation + 1) * 2 + Number(named);
      const before = claims.get(name);
      if (before !== undefined) return before;
      const entered = known.claim(claimOf(subjects[subject] as Subject, incarnations[incarnation], named));
      claims.set(name, entered);
      return entered;
    },
    tellingOf(row) {
      const telling = columns.telling[row] ?? -1;
      const number = numbers[telling] ?? tellings.numberOf(columns.tellings[telling] as Telling);
      numbers[telling] = number;
      return number;
    },
    stanceOf: (row) => stances[columns.subject[row] ?? -1] ?? 0,
  };
}

function claimOf(subject: Subject, life: Incarnation | undefined, named: boolean): Claim {
  const { project, origin, source, dimensions } = subject;
  const said = { project, origin, source, dimensions };
  if (life === undefined) return said;
  return named ? { ...said, witnessed: life.witnessed } : { ...said, incarnation: life };
}

/** The messages of a lot, each with its number. */
export interface Tellings {
  readonly messages: readonly string[];
  numberOf(telling: Telling): number;
}

export function tellings(): Tellings {
  const messages: string[] = [];
  const numbers = new Map<string, number>();
  return {
    messages,
    numberOf({ message }) {
      const before = numbers.get(message);
      if (before !== undefined) return before;
      numbers.set(message, messages.length);
      return messages.push(message) - 1;
    },
  };
}
