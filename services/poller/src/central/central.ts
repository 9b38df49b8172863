import { join } from "node:path";
import type { Bus, Leases } from "@raingauge/bus";
import { at } from "@raingauge/domain";
import { cloudSession, type RadosGateway, radosGateway } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
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
>;

/** An answer that does not come three times is left to the next sweep. */
const ATTEMPTS_MAX = 3;

/** The agent that asks the APIs of one region, put together from its settings. */
export function pollCloud(settings: CloudSettings, surroundings: Surroundings): CloudPoller {
  const { cloud, region, host, sweepMinutes } = settings;
  let sweepers: readonly Sweeper[] = [];
  const share = shareOf(settings, surroundings);
  return {
    async run(signal) {
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
      const post = poster(surroundings);
      const sweepingOf = (name: string) => ({
        ...{ session, region, agent: host, now: () => at(Date.now()) },
        // Whoever lost its share in the middle of a sweep says no more of it: another may be at it.
        post: async (...said: Parameters<typeof post>) => share.mine(name) && (await post(...said)),
        ...{ log: surroundings.log, metrics: surroundings.metrics },
        ...{ intervalSeconds: sweepMinutes * 60, pageItems: settings.sweepPageItems },
        dials: new Set(settings.sweepDials),
      });
      const memoryOf = (name: string): SeenFile => seenFile(join(settings.folder, "sweeps"), name);
      const isWanted = ({ name }: { readonly name: string }): boolean => settings.sweepSources.includes(name);
      sweepers = SOURCES.filter(isWanted).map((each) => sweeper(each, sweepingOf(each.name), memoryOf(each.name)));
      const surveyors = surveysWith(gateway, settings, ended)
        .filter(isWanted)
        .map((each) => surveyor(each, sweepingOf(each.name), memoryOf(each.name)));
      const failing = (work: Promise<void>): Promise<void> =>
        work.catch((error) => {
          stop.abort();
          throw error;
        });
      await share.round();
      await Promise.all([
        failing(share.run(ended)),
        ...[...sweepers, ...surveyors].map((each) => {
          const once = () => share.during(each.source, each.once);
          return failing(sweptRegularly({ once }, settings, surroundings, ended));
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
function shareOf({ region, host, sweepSources }: CloudSettings, { leases, log }: Surroundings): SharedWork {
  if (leases === undefined) return { ...ALONE, round: async () => undefined, run: async () => undefined };
  return sharing({ leases, region, agent: host, works: sweepSources, now: () => performance.now(), log });
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
  { sweepMinutes }: CloudSettings,
  { log, metrics }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const once = (): Promise<void> =>
    each.once().catch((error: unknown) => {
      // Told to stop in the middle of a question: the sweep proves nothing, and nobody waits for it.
      if (!signal.aborted) throw error;
    });
  const expression = sweepMinutes === 60 ? "0 * * * *" : `*/${sweepMinutes} * * * *`;
  return regularly(once, { expression, log, metrics: { pollsSkipped: metrics.sweepsSkipped }, signal });
}

function told(sweepers: readonly Sweeper[], isStarted: boolean): string | undefined {
  if (!isStarted) return "not started yet";
  const reasons = sweepers.flatMap((each) => {
    const reason = each.unready();
    return reason === undefined ? [] : [`${each.source}: ${reason}`];
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
