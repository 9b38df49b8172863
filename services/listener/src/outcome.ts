import { type Definitions, NONE } from "@raingauge/definitions";
import type { Batch, Coverage } from "@raingauge/domain";
import { EnvelopeError, type Incoming, openEnvelope } from "@raingauge/openstack";
import { type Packet, packets, WireError } from "@raingauge/wire";
import { type LeftOutTeller, withDefined } from "./defined.ts";
import { MalformedNotification } from "./fields.ts";
import { isIgnored, type Place, type Reason } from "./heard.ts";
import { translate } from "./translate.ts";

/** What becomes of one message. There is no fourth thing. */
export type Outcome =
  | { readonly kind: "heard"; readonly packets: readonly Packet[] }
  | { readonly kind: "ignored"; readonly reason: Reason }
  | { readonly kind: "refused"; readonly problem: Problem; readonly sentence: string };

/** Why a message is set aside, in a word to count by. */
export type Problem = "envelope" | "payload" | "size";

export interface Listening extends Place {
  /** Each audit is told of by every resource that it finds; its coverage is published once. */
  readonly isNews: (coverage: Coverage) => boolean;
  /** What an operator defined besides, and who hears what of it came to nothing. */
  readonly definitions?: Definitions;
  readonly leftOut?: LeftOutTeller;
}

/** From a message to what is to be published, or the reason why nothing is. Throws nothing that a message can cause. */
export function outcomeOf({ body }: Pick<Incoming, "body">, listening: Listening): Outcome {
  const { region, isNews, definitions = NONE, leftOut = () => undefined } = listening;
  try {
    const notification = openEnvelope(body);
    const place = { region };
    const heard = withDefined(translate(notification, place), notification, place, definitions, leftOut);
    if (isIgnored(heard)) return { kind: "ignored", reason: heard.ignored };
    const batch = { ...heard, coverage: heard.coverage.filter(isNews) };
    return { kind: "heard", packets: packets(batch, serviceOf(batch)) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return { kind: "refused", problem, sentence: error instanceof Error ? error.message : String(error) };
  }
}

const serviceOf = ({ events }: Batch): string => events[0]?.source ?? "listener";

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof EnvelopeError) return error.code === "too_large" ? "size" : "envelope";
  if (error instanceof MalformedNotification) return "payload";
  return error instanceof WireError ? "size" : undefined;
}

/** Remembers the last period of each audit's agents; a listener that starts anew says it once more. */
export function newsOnly(): Listening["isNews"] {
  const last = new Map<string, number>();
  return ({ source, agent, period: { end } }) => {
    const key = `${source} ${agent}`;
    if (last.get(key) === end) return false;
    last.set(key, end);
    return true;
  };
}
