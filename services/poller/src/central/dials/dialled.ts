import type { Instant, Sample } from "@raingauge/domain";
import { ApiError, type Payload } from "@raingauge/openstack";
import type { Source } from "../source.ts";
import type { Sweeping } from "../sweep.ts";
import { dial, dialSample } from "./reading.ts";
import type { Dialling } from "./survey.ts";

/** What a sweep says to be looked at, page by page, as samples. */
export interface DialledSweep {
  items(said: readonly Payload[]): Sample[];
  total(): Sample[];
}

const NOTHING: DialledSweep = { items: () => [], total: () => [] };

/** What cannot be got ready for it, such as the names of aggregates, costs the dials and never the sweep. */
export async function dialledBy(
  source: Pick<Source, "name" | "dials">,
  sweeping: Pick<Sweeping, "session" | "dials" | "region" | "log" | "metrics">,
  began: Instant,
  message: string,
): Promise<DialledSweep> {
  const { session, dials, region, log, metrics } = sweeping;
  if (source.dials === undefined || dials?.has(source.dials.collector) !== true) return NOTHING;
  try {
    const making = await source.dials.make(session);
    return samplesOf(making, { region, at: began, message }, source.dials);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    log.warn("dials left out", { source: source.name, error });
    metrics.surveysFailed.add(1, { source: source.name, reason: error.code });
    return NOTHING;
  }
}

function samplesOf(
  making: Dialling,
  dialled: Parameters<typeof dialSample>[1],
  { collector, isVoice = false }: NonNullable<Source["dials"]>,
): DialledSweep {
  return {
    items: (said) => said.flatMap((each) => making.item(each)).map((each) => dialSample(each, dialled)),
    total: () =>
      [...making.total(), ...(isVoice ? dial(`openstack_${collector}_up`, {}, 1) : [])].map((each) =>
        dialSample(each, dialled),
      ),
  };
}
