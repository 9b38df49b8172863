import type { Batch, Coverage } from "@raingauge/domain";
import { EnvelopeError, type Incoming, openEnvelope } from "@raingauge/openstack";
import { type Packet, packets, WireError } from "@raingauge/wire";
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
}

/** From a message to what is to be published, or the reason why nothing is. Throws nothing that a message can cause. */
export function outcomeOf({ body }: Pick<Incoming, "body">, { region, isNews }: Listening): Outcome {
  try {
    const heard = translate(openEnvelope(body), { region });
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
