import {
  contains,
  decimal,
  type Instant,
  iso,
  parseDecimal,
  permits,
  type Rational,
  type Scope,
  sum,
} from "@raingauge/domain";
import {
  type PointQuery,
  pointIdentity,
  type RatedPoint,
  type RatingRecord,
  type RatingRecords,
} from "../rating-records/records.ts";

export function ratingRecords({ clock }: { readonly clock: () => Instant }): RatingRecords {
  const records: RatingRecord[] = [];
  const kept = new Map<string, RatedPoint>();
  const found = (query: PointQuery, scope: Scope): RatedPoint[] =>
    [...kept.values()].filter((point) => permits(scope, point.project) && isWanted(point, query));
  return {
    ratingRecords: async () => [...records],
    async addRatingRecords(after, added) {
      if (after !== BigInt(records.length)) return false;
      for (const record of added) records.push({ ...record, sequence: BigInt(records.length + 1), writtenAt: clock() });
      return true;
    },
    async keepPoints(points) {
      for (const point of points) kept.set(pointIdentity(point), structuredClone(point));
    },
    async points(query, { offset, limit }, scope) {
      const all = found(query, scope).toSorted(byPeriod);
      return { total: all.length, points: all.slice(offset, offset + limit) };
    },
    async pointSums(query, by, scope) {
      const groups = Map.groupBy(found(query, scope), (point) => JSON.stringify(by.map((term) => termOf(point, term))));
      const sums = [...groups].map(([key, points]) => ({
        by: JSON.parse(key) as string[],
        quantity: added(points.map(({ quantity }) => quantity)),
        price: added(points.map(({ price }) => price)),
      }));
      return sums.toSorted((a, b) => compareTexts(a.by, b.by));
    },
    pointProjects: async (scope) =>
      [...new Set([...kept.values()].map(({ project }) => project))]
        .filter((project) => permits(scope, project))
        .toSorted(),
  };
}

const isWanted = (point: RatedPoint, { period, filters }: PointQuery): boolean =>
  contains(period, point.period.start) && [...filters].every(([term, values]) => values.includes(termOf(point, term)));

const termOf = ({ type, period, groupby, metadata }: RatedPoint, term: string): string =>
  term === "type" ? type : term === "time" ? iso(period.start) : (groupby[term] ?? metadata[term] ?? "");

const byPeriod = (a: RatedPoint, b: RatedPoint): number =>
  a.period.start - b.period.start || compareTexts([a.type, pointIdentity(a)], [b.type, pointIdentity(b)]);

const compareTexts = (a: readonly string[], b: readonly string[]): number => {
  const differs = a.findIndex((text, index) => text !== b[index]);
  if (differs < 0) return 0;
  return (a[differs] ?? "") < (b[differs] ?? "") ? -1 : 1;
};

const added = (texts: readonly string[]): string =>
  decimal(sum(texts.map((text): Rational => parseDecimal(text))), PLACES);

/** More than a point was ever given with. */
const PLACES = 60;
