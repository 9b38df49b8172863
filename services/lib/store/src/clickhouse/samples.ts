import { permits, type Sample, type Scope } from "@raingauge/domain";
import { cutSeries } from "../cut.ts";
import { deciding } from "../from-readings.ts";
import type { ResourceKey, SampleQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { messagesOf } from "./messages.ts";
import type { Seen } from "./seen.ts";
import { selected, seriesSelected } from "./selection.ts";
import type { Reading } from "./stored.ts";
import { readStretches } from "./stretches.ts";

/** The readings that decide a period, with the messages that brought them; a page of them resource by resource. */
export async function samples(seen: Seen, catalogue: Catalogue, query: SampleQuery, scope: Scope): Promise<Sample[]> {
  const { limit } = query;
  if (limit === undefined) return decidingOf(seen, catalogue, query, scope, { from: query.from });
  let found: Sample[] = [];
  let from = query.from;
  for (let lot = RESOURCES_FIRST; ; lot *= LOT_GROWTH) {
    const [last, next] = await edgesOf(seen, query, scope, { from, lot });
    found = found.concat(await decidingOf(seen, catalogue, query, scope, { from, to: last }));
    if (next === undefined || found.length >= limit) return cutSeries(found, query);
    from = next;
  }
}

/** A page is often had from a few resources; where it is not, of ever more at once. */
const RESOURCES_FIRST = 16;
const LOT_GROWTH = 4;

/** The last of so many resources from one on, and the one after it. */
function edgesOf(
  { server }: Seen,
  { meter, region, resource }: SampleQuery,
  scope: Scope,
  { from, lot }: { readonly from: ResourceKey | undefined; readonly lot: number },
): Promise<ResourceKey[]> {
  const mine = selected(server, { meters: [meter], region, resource, scope, from });
  return server.ask(
    `select distinct region, resource from ${server.table("series")} where series in ${mine}
      order by region, resource limit 2 offset ${lot - 1}`,
    (row) => ({ region: row.text(), resource: row.text() }),
  );
}

async function decidingOf(
  seen: Seen,
  catalogue: Catalogue,
  { meter, period, region, resource }: SampleQuery,
  scope: Scope,
  edges: { readonly from?: ResourceKey | undefined; readonly to?: ResourceKey | undefined },
): Promise<Sample[]> {
  const keys = await seriesSelected(seen.server, { meters: [meter], region, resource, scope, ...edges });
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
