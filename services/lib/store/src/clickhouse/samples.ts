import { permits, type Sample, type Scope } from "@raingauge/domain";
import { deciding } from "../from-readings.ts";
import type { SampleQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { messagesOf } from "./messages.ts";
import type { Seen } from "./seen.ts";
import { seriesSelected } from "./selection.ts";
import type { Reading } from "./stored.ts";
import { readStretches } from "./stretches.ts";

/** The readings that decide a period, with the messages that brought them. */
export async function samples(
  seen: Seen,
  catalogue: Catalogue,
  { meter, period, region, resource }: SampleQuery,
  scope: Scope,
): Promise<Sample[]> {
  const keys = await seriesSelected(seen.server, { meters: [meter], region, resource, scope });
  const asked = keys.map((series) => ({ series, period }));
  const readings = (await readStretches(seen, catalogue, asked)).flatMap((stretch) => stretch.readings);
  const shown = deciding(meter, readings, period).filter(({ project }) => permits(scope, project));
  return withMessages(seen, shown);
}

/** Messages are looked up only for what is shown. */
async function withMessages({ server }: Seen, shown: readonly Reading[]): Promise<Sample[]> {
  const messageOf = await messagesOf(
    server,
    shown.map(({ tellingId }) => tellingId),
  );
  return shown.map((reading) => reading.shown(messageOf(reading.tellingId)));
}
