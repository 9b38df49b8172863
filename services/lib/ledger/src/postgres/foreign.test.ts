import { describeWith, postgresServer, type Server } from "@raingauge/harness";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ForeignDatabaseUnread, rowsOfTables } from "./foreign.ts";
import { scratchDatabase, select } from "./scratch.ts";

await describeWith("postgresql", "another's database", () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = await postgresServer();
    url = await scratchDatabase(server.url);
    await select(
      url,
      `create table prices (id integer, cost numeric(40,28), "end" timestamp, is_on boolean, note text);
       insert into prices values (2, 0.2999999999999999888977697537, '2026-02-23 00:27:08.975518', true, 'it''s \\'),
         (1, 1, null, false, null)`,
    );
  });
  afterAll(() => server.stop());

  it("is read in its own words, to the last digit; a table that is not there is no table", async () => {
    const tables = await rowsOfTables(url, ["prices", "taxes"]);

    expect([...tables]).toEqual([
      [
        "prices",
        [
          { id: "1", cost: "1.0000000000000000000000000000", end: null, is_on: "f", note: null },
          {
            id: "2",
            cost: "0.2999999999999999888977697537",
            end: "2026-02-23 00:27:08.975518",
            is_on: "t",
            note: "it's \\",
          },
        ],
      ],
    ]);
  });

  it.each([
    ["nobody answers there", "postgresql://user:hush@127.0.0.1:1/cloudkitty"],
    ["there is no such database", undefined],
    ["it is no address of a PostgreSQL", "mysql://user:hush@127.0.0.1/cloudkitty"],
  ])("says that %s, and keeps the password to itself", async (_, address) => {
    const asked = rowsOfTables(address ?? url.replace(/[^/]*$/, "nowhere"), ["prices"]);

    await expect(asked).rejects.toThrow(ForeignDatabaseUnread);
    await expect(asked).rejects.not.toThrow(/hush/);
  });
});
