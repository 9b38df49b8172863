import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { expect, it, onTestFinished } from "vitest";
import { integer, rowsOf } from "./answer.ts";
import { partsOf, takenApart } from "./parts-of.ts";

const SERIES = 600;
const POLLS = 5;
const EVERYTHING = "select series_id, moment from said";

it.each([
  { what: "a few parts", most: 1_000, times: 3 },
  { what: "as many parts as are looked for together", most: 200, times: 15 },
  { what: "many parts", most: 60, times: 13 },
  { what: "hundreds of parts", most: POLLS, times: 16 },
])(
  "$what are taken out of a question that is looked through $times times, each with all of its rows",
  async ({ most, times }) => {
    const connection = await said();
    const parts = await partsOf(connection, "select series_id, count(*) as weight from said group by series_id", most);
    const run = connection.run.bind(connection);
    let looked = 0;
    connection.run = (sql, ...rest) => {
      looked += Number(sql.includes(EVERYTHING));
      return run(sql, ...rest);
    };

    const found: number[][] = [];
    for await (const { first, last, from } of takenApart(connection, parts, EVERYTHING)) {
      await connection.run(
        `create or replace temp table mine as from (${from}) where series_id between ${first} and ${last}`,
      );
      const rows = await rowsOf(connection, { sql: "select min(series_id), max(series_id), count(*) from mine" });
      found.push(rows.flat().map(integer));
    }

    expect(found).toEqual(parts.map(({ first, last }) => [first, last, (last - first + 1) * POLLS]));
    expect(looked).toBe(times);
  },
);

/** Poll by poll, so that what is said of a series lies everywhere. */
async function said(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  onTestFinished(() => connection.closeSync());
  await connection.run(`
    create table said as
    select s::integer as series_id, m as moment from range(${POLLS}) as t(m), range(${SERIES}) as u(s) order by m, s`);
  return connection;
}
