import { canonicalName, narrowed, type Sample, type Scope } from "@raingauge/domain";
import type { SampleQuery, SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { decoded, decodedTexts, PageQuery, pageAsItComes, pageOf } from "../paging.ts";
import { type Calendar, MomentText, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { SampleView, viewSample } from "../views/sample.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "series">;
  readonly calendar: Calendar;
}

/** GET /v1/samples answers "what was read". */
export const sampleRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const schema = {
    summary: "The readings of a meter that decide a period: those inside, and those that say what holds at its edges",
    description: "Resource by resource, by region and id; of each the oldest first.",
    querystring: z.object({
      meter: z.string(),
      period: PeriodText,
      project: z.string().optional(),
      region: z.string().optional(),
      resource: z.string().optional(),
      asOf: MomentText.optional().describe("Only what was stored up to this instant, e.g. an invoice's watermark."),
      ...PageQuery,
    }),
    response: { 200: pageOf(SampleView) },
  };

  app.get("/v1/samples", { schema, config: { admits: ANYBODY } }, async (request) => {
    const { meter, period, project, region, resource, asOf } = request.query;
    const query = {
      meter: canonicalName(meter),
      period: periodOf(period, calendar),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
      ...(asOf === undefined ? {} : { asOf }),
    };
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    const { items, ...next } = await pageAsItComes(
      readingsFrom(store, query, scope, request.query),
      placeOf,
      request.query,
    );
    return { items: items.map(viewSample), ...next };
  });
};

/** By region and resource, then by instant. Instants are positive and of thirteen digits until the year 2286. */
const placeOf = ({ region, resource, at, id }: Sample): string =>
  JSON.stringify([region, resource, String(at).padStart(15, "0"), id]);

/** Resource by resource from where the page before ended, so that of a large cloud no more is read than is shown. */
async function* readingsFrom(
  store: Pick<SampleStore, "series">,
  query: SampleQuery,
  scope: Scope,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): AsyncGenerator<Sample> {
  const [region, resource] = cursor === undefined ? [] : decodedTexts(cursor, 4);
  const from = region === undefined || resource === undefined ? {} : { from: { region, resource } };
  for (let more = limit + 1; ; more *= MORE_GROWTH) {
    const found = await store.series({ ...query, ...from, limit: more }, scope);
    const ordered = found.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    if (found.length < more || isPast(ordered, cursor, limit)) return yield* ordered;
  }
}

/** Where a resource has more readings than a page, those of pages before come with it again. */
const isPast = (ordered: readonly Sample[], cursor: string | undefined, limit: number): boolean => {
  const after = cursor === undefined ? "" : decoded(cursor);
  return ordered.filter((sample) => placeOf(sample) > after).length > limit;
};

const MORE_GROWTH = 4;
