import { randomUUID } from "node:crypto";
import { type ClickhouseServer, clickhouseServer, describeWith } from "@raingauge/harness";
import { afterAll, beforeAll } from "vitest";
import { describeSampleStore, type Place } from "../conformance.ts";
import { clickhouseStore } from "./clickhouse.ts";
import { initialiseClickhouse } from "./initialise.ts";

await describeWith("chdb", "ClickHouse", () => {
  let server: ClickhouseServer;
  beforeAll(async () => {
    server = await clickhouseServer();
  });
  afterAll(() => server.stop());

  const database = async (): Promise<Place> => {
    const { url, user, password } = server;
    const address = { url, user, password, database: randomUUID() };
    await initialiseClickhouse(address);
    return {
      open: async (clock) => clickhouseStore({ ...address, clock }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  };

  describeSampleStore("clickhouse", database, { part: 0.1 });
});
