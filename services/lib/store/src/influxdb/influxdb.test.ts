import { randomUUID } from "node:crypto";
import { describeWith, type InfluxServer, influxServer } from "@raingauge/harness";
import { afterAll, beforeAll } from "vitest";
import { describeSampleStore, type Place } from "../conformance.ts";
import { influxdbStore } from "./influxdb.ts";

await describeWith("influxdb", "InfluxDB", () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.stop());

  const bucket = async (): Promise<Place> => {
    const name = randomUUID();
    const { url, organization, token } = server;
    await server.makeBucket(name);
    return {
      open: async (clock) => influxdbStore({ url, organization, token, bucket: name, clock }),
      [Symbol.asyncDispose]: () => server.dropBucket(name),
    };
  };

  describeSampleStore("influxdb", bucket, {
    hoursNotCounted: "it rolls up to a horizon, and roll-up.test.ts counts",
    part: 0.4,
  });
});
