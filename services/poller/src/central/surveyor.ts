import { type Instant, type Sample, SECOND_MS, wholeSecond } from "@raingauge/domain";
import { ApiError } from "@raingauge/openstack";
import { isAbsent } from "./absence.ts";
import { meterSample } from "./dials/meter-reading.ts";
import { dial, dialSample } from "./dials/reading.ts";
import type { Survey } from "./dials/survey.ts";
import { FORGETFUL, kept, recalled } from "./recall.ts";
import type { SeenFile } from "./seen-file.ts";
import type { Seen, Sweeping } from "./sweep.ts";

/** Reads one survey when asked. Never rejects for what an API can do: nobody's bill waits for it. */
export interface Surveyor {
  readonly source: string;
  once(): Promise<void>;
}

/** Of a survey only since when it has been at it is kept. */
const NOTHING: Seen["there"] = new Map();

type Surveying = Pick<Sweeping, "session" | "post" | "log" | "metrics" | "now" | "region" | "agent" | "dials">;

export function surveyor(survey: Survey, surveying: Surveying, memory: SeenFile = FORGETFUL): Surveyor {
  const { session, post, log, metrics, now, region, agent } = surveying;
  const source = survey.name;
  let sinceAt: Instant | undefined;
  let isRecalled = false;
  const tell = (samples: readonly Sample[]): Promise<boolean> =>
    post({ samples, events: [], coverage: [] }, source.slice(0, source.indexOf(".")));
  return {
    source,
    async once() {
      const began = now();
      if (!isRecalled) sinceAt = (await recalled(memory, surveying))?.at;
      isRecalled = true;
      const dialled = { region, at: wholeSecond(began), message: `${source}/${agent}/${began}` };
      const up = (value: number): Sample[] =>
        survey.collector === undefined
          ? []
          : dial(`openstack_${survey.collector}_up`, {}, value).map((each) => dialSample(each, dialled));
      const skipped = (what: string, error: ApiError): void => {
        metrics.surveyPartsSkipped.add(1, { source, reason: error.code });
        log.warn("part of a survey skipped", { source, part: what, error });
      };
      try {
        const read = await survey.read(session, skipped, { sinceAt });
        const samples = read.map((each) => ("dial" in each ? dialSample(each, dialled) : meterSample(each, dialled)));
        await tell([...samples, ...up(1)]);
        if (sinceAt === undefined) await kept(memory, { at: began, there: NOTHING }, surveying);
        sinceAt ??= began;
        metrics.surveysFinished.add(1, { source });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (isAbsent(error, survey.absence, sinceAt !== undefined)) {
          log.debug("no such service", { source });
          return;
        }
        metrics.surveysFailed.add(1, { source, reason: error.code });
        log.error("survey failed", { source, error });
        await tell(up(0));
      } finally {
        metrics.sweepSeconds.observe((now() - began) / SECOND_MS, { source });
      }
    },
  };
}
