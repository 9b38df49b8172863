import { asideLine, type Definitions, sentenceOf } from "@raingauge/definitions";
import { SECOND_MS, wholeSecond } from "@raingauge/domain";
import { ApiError } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import type { Surveyor } from "../central/surveyor.ts";
import type { Sweeping } from "../central/sweep.ts";
import type { Ask } from "./askers.ts";
import { CommandFailed } from "./command.ts";
import { furtherQuestions } from "./further.ts";
import { pollRound } from "./poll-round.ts";
import type { Round } from "./round.ts";

type Surroundings = Pick<Sweeping, "post" | "log" | "metrics" | "now" | "region" | "agent"> & { readonly ask: Ask };

/** Asks one round when told to. Never rejects for what an API can do. */
export function roundSurveyor(round: Round, { ask, post, log, metrics, now, region, agent }: Surroundings): Surveyor {
  const source = round.name;
  const further = furtherQuestions(ask, now);
  return {
    source,
    async once() {
      const began = now();
      const at = wholeSecond(began);
      const message = `${source}/${agent}/${began}`;
      const { samples, dropped, failed } = await pollRound(round, { ask, further, region, at, message, origin: "api" });
      for (const [reason, count] of dropped) {
        metrics.entriesDropped.add(count, { source });
        log.warn("entries dropped", { source, count, reason });
      }
      if (samples.length > 0) await post({ samples, events: [], coverage: [] }, "dynamic");
      metrics.sweepSeconds.observe((now() - began) / SECOND_MS, { source });
      if (failed === undefined) {
        metrics.surveysFinished.add(1, { source });
        return;
      }
      metrics.surveysFailed.add(1, { source, reason: reasonOf(failed) });
      log.error("pollster failed", { source, error: failed });
    },
  };
}

export function reasonOf(error: Error): string {
  if (error instanceof ApiError) return error.code;
  return error instanceof CommandFailed ? error.reason : "not_understood";
}

/** Says once what of the definitions comes to nothing here. */
export function tellPassed({ unasked, passed }: Definitions, log: Log): void {
  for (const each of unasked) log.info("pollster set aside", asideLine(each));
  for (const each of passed) log.info("definition passed over", { what: sentenceOf(each) });
}
