import type { Bus } from "@raingauge/bus";
import { type Definitions, NONE } from "@raingauge/definitions";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { SetAside } from "./set-aside.ts";

export interface Replaying {
  readonly bus: Bus;
  readonly setAside: SetAside;
  readonly region: string;
  readonly definitions?: Definitions;
}

/**
 * Hears a message that was set aside once more, after what was wrong with it (or with us) has been mended. What is understood
 * now is published, and is set aside no longer; what is not stays. Undefined if there is no such message. Throws BusFull
 * or BusUnavailable, and then it stays too.
 */
export async function replay(
  digest: string,
  { bus, setAside, region, definitions = NONE }: Replaying,
): Promise<Outcome["kind"] | undefined> {
  const aside = (await Array.fromAsync(setAside.list())).find((each) => each.digest === digest);
  if (aside === undefined) return undefined;
  const outcome = outcomeOf(aside, { region, definitions, isNews: () => true });
  if (outcome.kind === "refused") return outcome.kind;
  if (outcome.kind === "heard") await Promise.all(outcome.packets.map((packet) => bus.publish(packet)));
  await setAside.remove(digest);
  return outcome.kind;
}
