import { join } from "node:path";
import type { Bus, Leases } from "@raingauge/bus";
import { type Definitions, NONE } from "@raingauge/definitions";
import { at } from "@raingauge/domain";
import { cloudSession, outsider, type RadosGateway, radosGateway } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { type AskedFor, askedFor } from "../dynamic/asked-for.ts";
import { asking } from "../dynamic/askers.ts";
import { cronOf } from "../dynamic/even.ts";
import { roundSurveyor, tellPassed } from "../dynamic/round-surveyor.ts";
import { regularly } from "../schedule.ts";
import { boardsIn } from "../sensors/boards.ts";
import { boardsSurvey } from "../sensors/boards-survey.ts";
import type { CentralConfig } from "./config.ts";
import { radosgwSurvey } from "./dials/radosgw.ts";
import type { Survey } from "./dials/survey.ts";
import { SURVEYS } from "./dials/surveys.ts";
import type { CentralMetrics } from "./metrics.ts";
import { poster } from "./post.ts";
import { type SeenFile, seenFile } from "./seen-file.ts";
import { ALONE, type SharedWork, sharing } from "./share.ts";
import type { Source } from "./source.ts";
import { SOURCES } from "./sources.ts";
import { type Surveyor, surveyor } from "./surveyor.ts";
import { type Sweeper, sweeper } from "./sweeper.ts";

interface Surroundings {
  readonly bus: Pick<Bus, "publish">;
  readonly log: Log;
  readonly metrics: CentralMetrics;
  /** Where several agents share the work. */
  readonly leases?: Leases | undefined;
}

export interface CloudPoller {
  /** Sweeps on schedule until told to stop. */
  run(signal: AbortSignal): Promise<void>;
  /** Which sources prove nothing now, and why; undefined where all do. */
  unready(): string | undefined;
}

/** What of its settings the agent itself needs, however the bus is found. */
export type CloudSettings = Pick<
  CentralConfig,
  | "region"
  | "host"
  | "cloud"
  | "sweepMinutes"
  | "sweepSources"
  | "sweepSeconds"
  | "sweepRequests"
  | "sweepPageItems"
  | "sweepDials"
  | "radosgw"
  | "boards"
  | "folder"
  | "ipmitool"
  | "boardSeconds"
> & {
  /** What an operator's files ask for, and how often. */
  readonly definitions?: Definitions;
};

/** An answer that does not come three times is left to the next sweep. */
const ATTEMPTS_MAX = 3;

/** The agent that asks the APIs of one region, put together from its settings. */
export function pollCloud(settings: CloudSettings, surroundings: Surroundings): CloudPoller {
  const { cloud, region, host, sweepMinutes } = settings;
  let sweepers: readonly Sweeper[] = [];
  const { definitions = NONE } = settings;
  const asked = askedFor(definitions, sweepMinutes * 60);
  const share = shareOf(settings, surroundings, asked);
  return {
    async run(signal) {
      tellPassed(definitions, surroundings.log);
      const stop = new AbortController();
      const ended = AbortSignal.any([signal, stop.signal]);
      const manners = {
        timeoutSeconds: settings.sweepSeconds,
        endpointRequestsMax: settings.sweepRequests,
        attemptsMax: ATTEMPTS_MAX,
        signal: ended,
      };
      await using session = cloudSession({ ...cloud, region: cloud.region ?? region }, manners);
      await using gateway = settings.radosgw && radosGateway(settings.radosgw, manners);
      await using outside = outsider(manners);
      const ask = asking({ session, outsider: outside, runs: { signal: ended } });
      const post = poster(surroundings);
      const sweepingOf = (name: string, intervalSeconds: number) => ({
        ...{ session, region, agent: host, now: () => at(Date.now()) },
        // Whoever lost its share in the middle of a sweep says no more of it: another may be at it.
        post: async (...said: Parameters<typeof post>) => share.mine(name) && (await post(...said)),
        ...{ log: surroundings.log, metrics: surroundings.metrics },
        ...{ intervalSeconds, pageItems: settings.sweepPageItems },
        dials: new Set(settings.sweepDials),
      });
      const memoryOf = (name: string): SeenFile => seenFile(join(settings.folder, "sweeps"), name);
      const wanted = <W extends Survey | Source>(all: readonly W[]): (readonly [W, number])[] =>
        all.flatMap((each) => {
          const seconds = settings.sweepSources.includes(each.name) ? asked.secondsOf(each) : undefined;
          return seconds === undefined ? [] : [[each, seconds] as const];
        });
      const swept = wanted(SOURCES).map(([each, seconds]) => {
        const one = sweeper(each, sweepingOf(each.name, seconds), memoryOf(each.name));
        return [one, seconds] as const;
      });
      const surveyed = wanted(surveysWith(gateway, settings, ended)).map(([each, seconds]) => {
        const one = surveyor(each, sweepingOf(each.name, seconds), memoryOf(each.name));
        return [one, seconds] as const;
      });
      const polled = asked.rounds.map((round) => {
        const one = roundSurveyor(round, { ...sweepingOf(round.name, round.intervalSeconds), ask });
        return [one, round.intervalSeconds] as const;
      });
      sweepers = swept.map(([each]) => each);
      const failing = (work: Promise<void>): Promise<void> =>
        work.catch((error) => {
          stop.abort();
          throw error;
        });
      await share.round();
      await Promise.all([
        failing(share.run(ended)),
        ...[...swept, ...surveyed, ...polled].map(([each, seconds]) => {
          const once = () => share.during(each.source, each.once);
          return failing(sweptRegularly({ once }, seconds, surroundings, ended));
        }),
      ]);
    },
    unready: () =>
      told(
        sweepers.filter(({ source }) => share.mine(source)),
        sweepers.length > 0,
      ),
  };
}

/** Alone where nobody lends leases. */
function shareOf(
  { region, host, sweepSources }: CloudSettings,
  { leases, log }: Surroundings,
  { rounds }: AskedFor,
): SharedWork {
  if (leases === undefined) return { ...ALONE, round: async () => undefined, run: async () => undefined };
  return sharing({
    leases,
    region,
    agent: host,
    works: [...sweepSources, ...rounds.map(({ name }) => name)],
    now: () => performance.now(),
    log,
  });
}

const surveysWith = (
  gateway: RadosGateway | undefined,
  { boards, ipmitool = "ipmitool", boardSeconds }: CloudSettings,
  signal: AbortSignal,
): readonly Survey[] => [
  ...SURVEYS,
  ...(gateway === undefined ? [] : [radosgwSurvey(gateway)]),
  ...(boards === undefined ? [] : [boardsSurvey(boardsIn(boards), { ipmitool, timeoutSeconds: boardSeconds, signal })]),
];

/** Each source by itself: one that hangs delays no other. */
function sweptRegularly(
  each: Pick<Sweeper | Surveyor, "once">,
  intervalSeconds: number,
  { log, metrics }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const once = (): Promise<void> =>
    each.once().catch((error: unknown) => {
      // Told to stop in the middle of a question: the sweep proves nothing, and nobody waits for it.
      if (!signal.aborted) throw error;
    });
  return regularly(once, {
    expression: cronOf(intervalSeconds),
    log,
    metrics: { pollsSkipped: metrics.sweepsSkipped },
    signal,
  });
}

function told(sweepers: readonly Sweeper[], isStarted: boolean): string | undefined {
  if (!isStarted) return "not started yet";
  const reasons = sweepers.flatMap((each) => {
    const reason = each.unready();
    return reason === undefined ? [] : [`${each.source}: ${reason}`];
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
