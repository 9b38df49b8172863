import { at, iso, type Scope } from "@raingauge/domain";
import { type Expression, type Kysely, type RawBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { LedgerOptions } from "../options.ts";
import { type PointQuery, pointIdentity, type RatedPoint, type RatingRecords } from "../rating-records/records.ts";
import type { Tables } from "./tables.ts";

export function ratingRecords(db: Kysely<Tables>, clock: LedgerOptions["clock"]): RatingRecords {
  const wanted = (query: PointQuery, scope: Scope) =>
    db.selectFrom("rated_points").where(sql<SqlBool>`${sql.join(conditions(query, scope), sql` and `)}`);
  return {
    async ratingRecords() {
      const rows = await db.selectFrom("rating_records").selectAll().orderBy("sequence").execute();
      return rows.map(({ sequence, written_at, ...row }) => ({
        ...row,
        sequence: BigInt(sequence),
        writtenAt: at(written_at.getTime()),
      }));
    },
    addRatingRecords: (after, records) =>
      db.transaction().execute(async (transaction) => {
        // One writer at a time; whoever reads meanwhile is not held up.
        await sql`lock table rating_records in exclusive mode`.execute(transaction);
        const { rows } = await sql<{
          last: string;
        }>`select coalesce(max(sequence), 0)::text as last from rating_records`.execute(transaction);
        const last = BigInt(rows[0]?.last ?? "0");
        if (last !== after) return false;
        const written_at = iso(clock());
        const added = records.map((record, index) => ({ ...record, sequence: last + BigInt(index + 1), written_at }));
        if (added.length > 0) await transaction.insertInto("rating_records").values(added).execute();
        return true;
      }),
    async keepPoints(points) {
      const rows = [...new Map(points.map((point) => [pointIdentity(point), point]))].map(([identity, point]) =>
        rowOf(identity, point),
      );
      await db.transaction().execute(async (transaction) => {
        for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
          await transaction
            .insertInto("rated_points")
            .values(rows.slice(start, start + ROWS_AT_ONCE))
            .onConflict((conflict) =>
              conflict.column("identity").doUpdateSet(({ ref }) => ({
                unit: ref("excluded.unit"),
                quantity: ref("excluded.quantity"),
                price: ref("excluded.price"),
                metadata: ref("excluded.metadata"),
              })),
            )
            .execute();
      });
    },
    async points(query, { offset, limit }, scope) {
      const { total } = await wanted(query, scope)
        .select(({ fn }) => fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      const rows = await wanted(query, scope)
        .selectAll()
        .orderBy("begins_at")
        .orderBy(sql`type collate "C"`)
        .orderBy("identity")
        .offset(offset)
        .limit(limit)
        .execute();
      return { total: Number(total), points: rows.map(pointOf) };
    },
    async pointSums(query, by, scope) {
      const terms = by.map(termOf);
      const places = by.map((_, index) => sql.lit(index + 1));
      const grouped =
        terms.length === 0 ? sql`having count(*) > 0` : sql`group by ${sql.join(places)} order by ${sql.join(places)}`;
      const { rows } = await sql<Record<string, string>>`
        select ${sql.join([...terms.map((term, index) => sql`${term} collate "C" as ${sql.ref(`by_${index}`)}`), sql`sum(quantity)::text as quantity`, sql`sum(price)::text as price`])}
        from rated_points where ${sql.join(conditions(query, scope), sql` and `)} ${grouped}`.execute(db);
      return rows.map((row) => ({
        by: by.map((_, index) => row[`by_${index}`] ?? ""),
        quantity: trimmed(row["quantity"] ?? "0"),
        price: trimmed(row["price"] ?? "0"),
      }));
    },
    async pointProjects(scope) {
      const rows = await db
        .selectFrom("rated_points")
        .select("project")
        .distinct()
        .where(permitted(scope))
        .orderBy("project")
        .execute();
      return rows.map(({ project }) => project);
    },
  };
}

/** PostgreSQL takes at most 65,535 parameters in one statement. */
const ROWS_AT_ONCE = 1_000;

const conditions = ({ period, filters }: PointQuery, scope: Scope): Expression<SqlBool>[] => [
  sql<SqlBool>`begins_at >= ${new Date(period.start)}`,
  sql<SqlBool>`begins_at < ${new Date(period.end)}`,
  permitted(scope),
  ...[...filters].map(([term, values]) => sql<SqlBool>`${termOf(term)} = any(${[...values]}::text[])`),
];

const permitted = (scope: Scope): Expression<SqlBool> =>
  scope.kind === "all" ? sql<SqlBool>`true` : sql<SqlBool>`project = any(${[...scope.projects]}::text[])`;

const termOf = (term: string): RawBuilder<string> => {
  if (term === "type") return sql`type`;
  if (term === "time") return sql`to_char(begins_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  return sql`coalesce(groupby ->> ${term}, metadata ->> ${term}, '')`;
};

const rowOf = (identity: string, { period, groupby, metadata, ...point }: RatedPoint) => ({
  ...point,
  identity,
  begins_at: iso(period.start),
  ends_at: iso(period.end),
  groupby: JSON.stringify(groupby),
  metadata: JSON.stringify(metadata),
});

const pointOf = ({ begins_at, ends_at, ...row }: Selectable<Tables["rated_points"]>): RatedPoint => ({
  type: row.type,
  period: { start: at(begins_at.getTime()), end: at(ends_at.getTime()) },
  project: row.project,
  unit: row.unit,
  quantity: row.quantity,
  price: row.price,
  groupby: row.groupby,
  metadata: row.metadata,
});

/** A sum has as many places as the finest of its terms. */
const trimmed = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
