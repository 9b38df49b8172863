import { at, type Event, type Instant, instant, type Sample, wholeSecond } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { deltaOf, type Reading, sampleOf, WireError } from "@raingauge/wire";
import { MalformedNotification } from "./fields.ts";

/** No cloud of OpenStack's is older, and no bill of ours is later: a clock that says otherwise is wrong. */
const EARLIEST = instant("2000-01-01T00:00:00Z");
const LATEST = instant("2100-01-01T00:00:00Z");

/** When it was said, to the millisecond. */
export function saidAt({ microseconds }: Notification): Instant {
  const moment = at(Math.floor(microseconds / 1_000));
  if (moment < EARLIEST || moment >= LATEST) throw new MalformedNotification("it was said before 2000 or after 2100");
  return moment;
}

/**
 * Where in time a change is put whose payload has no time of its own. The legacy and the versioned telling of it come a
 * few hundredths of a second apart; they share the transition, so that the earlier one counts.
 */
export function transition(
  notification: Notification,
  name: string,
): { readonly at: Instant; readonly transition: string } {
  return { at: wholeSecond(saidAt(notification)), transition: `${name} ${notification.requestId ?? ""}`.trimEnd() };
}

type Said = Omit<Reading, "origin" | "sequence" | "message">;

/** A reading as this notification implies it. */
export const implied = (notification: Notification, said: Said): Sample => made(sampleOf, notification, said);

/** What was used since the last such notification: of two equal ones each counts. */
export const added = (notification: Notification, said: Omit<Said, "stance">): Sample =>
  made(deltaOf, notification, { ...said, stance: "states" });

function made(make: (reading: Reading) => Sample, notification: Notification, said: Said): Sample {
  try {
    return make({
      ...said,
      origin: "notification",
      sequence: notification.microseconds,
      message: notification.messageId,
    });
  } catch (error) {
    if (error instanceof WireError) throw new MalformedNotification(error.message, { cause: error });
    throw error;
  }
}

export function told(notification: Notification, said: Omit<Event, "id" | "type" | "at">): Event {
  return { id: notification.messageId, type: notification.type, at: saidAt(notification), ...said };
}
