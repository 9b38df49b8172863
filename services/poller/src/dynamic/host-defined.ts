import { type Definitions, intervalOf, type PollingSource } from "@raingauge/definitions";
import { type Instant, METERS, type Meter, SECOND_MS, wholeSecond } from "@raingauge/domain";
import { WireError } from "@raingauge/wire";
import type { Collaborators } from "../poll.ts";
import { publisher } from "../publish.ts";
import { secondsOfMeter } from "./asked-for.ts";
import { asking } from "./askers.ts";
import { cronOf, even } from "./even.ts";
import { furtherQuestions } from "./further.ts";
import { pollRound } from "./poll-round.ts";
import { type Round, rounds } from "./round.ts";
import { reasonOf, tellPassed } from "./round-surveyor.ts";

/** What an operator's definitions change for the agent of a compute node. */
export interface HostDefined {
  /** How often the host is polled, where polling.yaml says it. */
  readonly schedule: string | undefined;
  /** Whether a reading is wanted at that poll. */
  readonly wants: (meter: string, at: Instant) => boolean;
  /** What is read besides, each by its own clock. */
  looks(parts: HostParts): readonly { readonly once: () => Promise<void>; readonly expression: string }[];
}

type HostParts = Pick<Collaborators, "bus" | "log" | "metrics" | "now"> & {
  readonly region: string;
  readonly host: string;
  readonly signal: AbortSignal;
};

const DEFAULT_SECONDS = 300;
/** libvirt and the kernel are at hand. */
const HOST_SECONDS_MIN = 10;

export function hostDefined(definitions: Definitions): HostDefined {
  const { polling, pollsters } = definitions;
  const own = pollsters.filter(({ namespaces }) => namespaces.includes("compute"));
  const secondsOf = ({ name }: { readonly name: string }): number =>
    even((polling && intervalOf(polling, name)) ?? DEFAULT_SECONDS, HOST_SECONDS_MIN);
  const tick = polling && hostSeconds(polling);
  return {
    schedule: tick === undefined ? undefined : cronOf(tick),
    wants: polling === undefined ? () => true : due(polling, tick ?? DEFAULT_SECONDS),
    looks: (parts) => {
      tellPassed(definitions, parts.log);
      return rounds(own, secondsOf).map((round) => ({
        once: look(round, parts),
        expression: cronOf(round.intervalSeconds),
      }));
    },
  };
}

const ON_HOST = METERS.filter(({ sources }) =>
  sources.some(({ by }) => by === "libvirt" || by === "host" || by === "ipmi"),
);

/** All of a host is read in one go, as often as the most eager meter wants it, and no less often than what bills rest upon holds. */
export function hostSeconds(polling: readonly PollingSource[]): number | undefined {
  const wanted = ON_HOST.flatMap((meter) => publishedSeconds(polling, meter) ?? []);
  if (wanted.length === 0) return undefined;
  const held = ON_HOST.filter(({ existence }) => existence).map(({ silenceSeconds }) => silenceSeconds);
  return even(Math.min(...wanted, ...held), HOST_SECONDS_MIN);
}

/** A gauge is wanted no less often than it holds, or time that was watched would not be billed. */
function publishedSeconds(polling: readonly PollingSource[], meter: Meter): number | undefined {
  const wanted = secondsOfMeter(polling, meter);
  return wanted !== undefined && meter.kind === "gauge" ? Math.min(wanted, meter.silenceSeconds) : wanted;
}

/**
 * A meter is published at the polls that its own interval asks for. What says that a machine is there always is, for bills
 * rest upon it.
 */
function due(polling: readonly PollingSource[], tickSeconds: number): HostDefined["wants"] {
  const seconds = new Map(
    ON_HOST.map((meter) => [meter.name, meter.existence ? 0 : publishedSeconds(polling, meter)] as const),
  );
  return (name, at) => {
    const interval = seconds.has(name) ? seconds.get(name) : 0;
    if (interval === undefined) return false;
    if (interval <= tickSeconds) return true;
    const nth = (instant: number): number => Math.floor(instant / (interval * SECOND_MS));
    return nth(at) > nth(at - tickSeconds * SECOND_MS);
  };
}

/** One round of this host's own commands. What fails is counted, and the next goes on. */
function look(round: Round, { region, host, log, metrics, now, bus, signal }: HostParts): () => Promise<void> {
  const ask = asking({ runs: { signal } });
  const further = furtherQuestions(ask, now);
  const publish = publisher({ bus, log, metrics });
  const source = round.name;
  return async () => {
    const began = now();
    const message = `${source}/${host}/${began}`;
    const polled = await pollRound(round, { ask, further, region, at: wholeSecond(began), message, origin: "poll" });
    for (const [reason, count] of polled.dropped) {
      metrics.entriesDropped.add(count, { source });
      log.warn("entries dropped", { source, count, reason });
    }
    try {
      if (polled.samples.length > 0) await publish({ samples: polled.samples, events: [], coverage: [] }, "dynamic");
      if (polled.failed !== undefined) throw polled.failed;
      metrics.looksFinished.add(1, { source });
      metrics.lastLook.set(began / SECOND_MS, { source });
    } catch (error) {
      if (error !== polled.failed && !(error instanceof WireError)) throw error;
      const failed = error as Error;
      metrics.looksFailed.add(1, { source, reason: reasonOf(failed) });
      log.error("pollster failed", { source, error: failed });
    }
  };
}
