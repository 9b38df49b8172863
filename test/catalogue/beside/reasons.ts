import type { Beside } from "./compared.ts";

/** Why a reading of theirs is not one of ours, or stands otherwise. */
export interface Reason {
  /** What they do, and what is done here. */
  readonly theirs: string;
  readonly ours: string;
  readonly why: string;
  readonly applies: (beside: Beside) => boolean;
}

const ignored =
  (...reasons: readonly string[]) =>
  ({ ignored }: Beside): boolean =>
    reasons.includes(ignored ?? "");

const named =
  (pattern: RegExp) =>
  ({ theirs }: Beside): boolean =>
    pattern.test(theirs.name);

/** In this order: the first that applies is the reason. Each applies to something that was recorded. */
export const REASONS: readonly Reason[] = [
  {
    theirs: "a meter whose name is an expression that nothing evaluated (`$.payload.outcome - …`)",
    ours: "a reading under the name that was meant, `identity.authenticate.success`, and an event",
    why: "a fault of version 19",
    applies: named(/^\$\./),
  },
  {
    theirs: "seconds from a machine's creation to its launch, with fractions",
    ours: "the same in whole seconds",
    why: "instants of a life are whole seconds here, so that both formats of a notification name one",
    applies: named(/^compute\.instance\.booting\.time$/),
  },
  {
    theirs: "an address's *status* as its amount (1, 2, 3 …)",
    ours: "1 for each address, its state beside it",
    why: "a mean of statuses means nothing, and `down` would be billed thrice as much as `active`",
    applies: named(/^ip\.floating$/),
  },
  {
    theirs: "what an interface passed since the agent last looked, as a meter of its own",
    ours: "the counter, whose usage in any period is that difference",
    why: "theirs begins anew with the agent and with each migration; its outgoing one is called `packets` and counts bytes",
    applies: named(/^network\.(incoming|outgoing)\.(bytes|packets)\.delta$/),
  },
  {
    theirs: "the length of a disk's file as its `usage`, from a call of its own for each disk",
    ours: "the highest byte written, from the one call for all machines; 0 before the first",
    why: "a call for each disk is what makes theirs slow; what a disk takes is its `allocation`, and agrees",
    applies: (beside) =>
      named(/^disk\.device\.usage$/)(beside) && beside.ours.every(({ value }) => value !== beside.value),
  },
  {
    theirs: "0 containers, 0 objects and 0 bytes of each project that never stored anything",
    ours: "no reading",
    why: "it has no account, and nothing is measured of what is not there",
    applies: ignored("empty"),
  },
  {
    theirs: "a reading of what was made after the APIs had been recorded, or was not recorded (a second account)",
    ours: "nothing to set beside it",
    why: "the recordings are forty minutes apart",
    applies: (beside) => ignored("unrecorded")(beside),
  },
  {
    theirs: "a reading where an action begins (`….start`)",
    ours: "no reading",
    why: "only an end says what came of it: a resize that begins has not happened, a deletion that begins has not ended anything",
    applies: ignored("begins"),
  },
  {
    theirs: "a reading in the middle of an action (`resize.prep.end`, `resize.end`, `backup.createprogress` …)",
    ours: "no reading",
    why: "the action announces its own end; half way through, sizes and hosts are of neither side",
    applies: ignored("midway"),
  },
  {
    theirs: "a second reading of an end that another notification tells (`shutdown.end`, `live_migration._post.end`)",
    ours: "the other one",
    why: "the one that is taken knows the time of the end, or the host",
    applies: ignored("retold"),
  },
  {
    theirs: "a reading where something else happened to the resource (a snapshot, a volume attached to a machine)",
    ours: "no reading",
    why: "neither what it is nor what it costs changed",
    applies: ignored("not_metered"),
  },
  {
    theirs:
      "a reading where only what surrounds a resource changed (attached, renamed, restored from, moved to another host)",
    ours: "an event, which its history shows",
    why: "neither what it is nor what it costs changed",
    applies: ({ from, ours, type }) => from === "notification" && type !== undefined && ours.length === 0,
  },
];

export const reasonFor = (beside: Beside): Reason | undefined => REASONS.find(({ applies }) => applies(beside));
