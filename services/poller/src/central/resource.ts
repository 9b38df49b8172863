import { type Dimensions, type Instant, type Sample, type Stance, wholeSecond } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";

/** One item of a list, as its API describes it. */
export interface Listed {
  readonly id: string;
  /** Absent for one that is not billed: it is there, and never came to be usable. */
  readonly resource?: Described;
}

export interface Described {
  /** The service: `nova`, `cinder`, …, as the listener calls it too, so that both say one thing in the same words. */
  readonly source: string;
  readonly project: string;
  readonly amounts: readonly (readonly [meter: string, value: bigint])[];
  /** What is measured of it besides: true of the moment in which it was asked, and of no other. */
  readonly measured?: readonly (readonly [meter: string, value: bigint])[];
  /** What prices may ask for, in full. */
  readonly dimensions: Dimensions;
  /** What it is besides, for people to recognise it by, and since when as far as the API notes that. */
  readonly looks?: Looks;
  /** What the answer says of times gone by. */
  readonly known: readonly Claim[];
  /** What it says of the moment in which it was asked; absent for what is gone. */
  readonly now?: "states" | "sights";
}

export interface Looks {
  readonly type: string;
  readonly attributes: Dimensions;
  readonly changedAt?: Instant | undefined;
}

/** What is claimed of a resource at one instant; without a state, the one that it is in now. */
export interface Claim {
  readonly stance: Stance;
  readonly at: Instant;
  readonly state?: string;
}

/** From whom and when a list was heard. */
export interface Hearing {
  readonly region: string;
  /** Names the sweep, for whoever asks where a reading came from. */
  readonly message: string;
  /** When the question was sent: what was said is no older. */
  readonly askedAt: Instant;
  /** Beginnings and changes before this were told by the sweep before. */
  readonly newsFrom: Instant;
}

/**
 * What an item of a list comes to. It holds from the question, not from the answer: a change in between is then at worst
 * told a moment too early, and never taken back by an older reading that comes after it.
 */
export function samplesOf({ id, resource }: Listed, hearing: Hearing): Sample[] {
  if (resource === undefined) return [];
  const { known, now } = resource;
  const news = known.filter(({ stance, at }) => isEnd(stance) || at >= hearing.newsFrom);
  const present: Claim[] = now === undefined ? [] : [{ stance: now, at: wholeSecond(hearing.askedAt) }];
  return [
    ...[...news, ...present].flatMap((claim) => readings(id, resource, claim, hearing)),
    ...(now === undefined ? [] : measurements(id, resource, hearing)),
  ];
}

const NO_DIMENSIONS: Dimensions = {};

function measurements(id: string, resource: Described, hearing: Hearing): Sample[] {
  const { measured = [] } = resource;
  const claim = { stance: "states", at: wholeSecond(hearing.askedAt) } as const;
  return readings(id, { ...resource, amounts: measured, dimensions: NO_DIMENSIONS }, claim, hearing);
}

const isEnd = (stance: Stance): boolean => stance === "ends" || stance === "vanishes";

/** One reading for each of the resource's meters. */
export function readings(
  id: string,
  { source, project, amounts, dimensions }: Described,
  { stance, at, state }: Claim,
  { region, message, askedAt }: Omit<Hearing, "newsFrom">,
): Sample[] {
  return amounts.map(([meter, value]) =>
    sampleOf({
      ...{ region, project, meter, resource: id, at, value, stance, source, message },
      origin: "api",
      dimensions: state === undefined ? dimensions : { ...dimensions, state },
      sequence: askedAt * 1_000,
    }),
  );
}
