import { at } from "@raingauge/domain";
import { describeWith, postgresServer, type Server } from "@raingauge/harness";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LedgerUnavailable } from "../ledger.ts";
import { lookAtLedger } from "./look.ts";
import { postgresLedger } from "./postgres.ts";

await describeWith("postgresql", "a look at the ledger's database", () => {
  let server: Server;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server.stop());

  it("says what an empty database lacks, and makes nothing", async () => {
    const before = Date.now();
    const first = await lookAtLedger(server.url);
    const again = await lookAtLedger(server.url);

    expect(first.pending.length).toBeGreaterThan(5);
    expect(again.pending).toEqual(first.pending);
    expect(first.serverVersion).toBeGreaterThanOrEqual(150_000);
    expect(first.clock).toBeGreaterThanOrEqual(before);
    expect(first.clock).toBeLessThanOrEqual(Date.now());
  });

  it("says that nothing is lacking once a ledger was opened there, and names what a newer release made", async () => {
    await (await postgresLedger({ url: server.url, clock: () => at(0) }))[Symbol.asyncDispose]();
    expect(await lookAtLedger(server.url)).toMatchObject({ pending: [], unknown: [] });

    const client = new pg.Client(server.url);
    await client.connect();
    await client.query("insert into kysely_migration values ('9999-of-tomorrow', '2030-01-01')");
    await client.end();

    expect(await lookAtLedger(server.url)).toMatchObject({ pending: [], unknown: ["9999-of-tomorrow"] });
  });

  it("says that nobody answers", async () => {
    await expect(lookAtLedger("postgresql://user:hush@127.0.0.1:1/ledger")).rejects.toThrow(LedgerUnavailable);
  });
});
