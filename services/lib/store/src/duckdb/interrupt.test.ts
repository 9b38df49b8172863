import { expect, it } from "vitest";
import { openDatabase } from "./database.ts";

/** Longer than anybody waits: a test that is not interrupted never ends. */
const ENDLESS = "select sum(a.range * b.range % 7) from range(100000000) a, range(100000000) b";

it("ends the statement that runs, and each that would follow it", async () => {
  await using database = await openDatabase(":memory:");
  const given = new AbortController();
  let statements = 0;

  const asked = database.transact(async (connection) => {
    for (;;) {
      statements += 1;
      if (statements === 2) setTimeout(() => given.abort(new Error("nobody waits")), 1);
      // As a question of ours that went on after its first statement was interrupted.
      await connection.run(statements === 1 ? "select 1" : ENDLESS).catch((error: unknown) => {
        if (statements > 3) throw error;
      });
    }
  }, given.signal);

  await expect(asked).rejects.toThrow("nobody waits");
  expect(statements).toBe(4);
});

it("leaves what others ask alone, and the database as it was", async () => {
  await using database = await openDatabase(":memory:");
  const given = new AbortController();
  const endless = database.transact((connection) => connection.run(ENDLESS), given.signal);
  const other = database.transact(async (connection) => {
    await connection.run("create table kept (one integer)");
    given.abort(new Error("nobody waits"));
    await connection.run("insert into kept select 1 from range(1000)");
  });

  await expect(endless).rejects.toThrow("nobody waits");
  await other;

  const rows = await database.transact(async (connection) => (await connection.runAndReadAll("from kept")).getRows());
  expect(rows).toHaveLength(1000);
});
