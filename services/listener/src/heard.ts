import type { Batch, Coverage, Event, Sample } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";

/** What a notification comes to: events and the samples they imply, or nothing, and why. */
export type Heard = Batch | Ignored;

export interface Ignored {
  readonly ignored: Reason;
}

/** Why a notification is not our business. Counted by these words, so that nobody has to wonder where one went. */
export type Reason =
  /** Only an end says what came of it. */
  | "begins"
  /** In the middle of an action that announces its own end. */
  | "midway"
  /** It failed; what it left is told by the resource's own state. */
  | "failed"
  /** Told again, and better, by another notification. */
  | "retold"
  /** It describes nothing that has a meter or an owner. */
  | "not_metered"
  /** We have never heard of it. */
  | "unknown_type";

/** Where it was heard: what a notification itself does not say. */
export interface Place {
  readonly region: string;
}

/** A pure function from one notification to what it comes to. Throws MalformedNotification. */
export type Translation = (notification: Notification, place: Place) => Heard;

export const ignoring =
  (ignored: Reason): Translation =>
  () => ({ ignored });

export const isIgnored = (heard: Heard): heard is Ignored => "ignored" in heard;

export const heard = (event: Event, samples: readonly Sample[] = [], coverage: readonly Coverage[] = []): Batch => ({
  samples,
  events: [event],
  coverage,
});

/** What several came to, as one; ignored only if all of them were. */
export function together(heards: readonly Heard[]): Heard {
  const batches = heards.flatMap((each) => (isIgnored(each) ? [] : [each]));
  if (batches.length === 0) return heards[0] ?? { ignored: "not_metered" };
  return {
    samples: batches.flatMap(({ samples }) => samples),
    events: batches.flatMap(({ events }) => events),
    coverage: batches.flatMap(({ coverage }) => coverage),
  };
}
