import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { influxdbServer } from "./influxdb/server.ts";

/** What a server that is at work on an answer sees of whoever asked: that it hangs up is how it learns that nobody waits. */
it.each([
  {
    name: "InfluxDB",
    asks: (url: string, signal: AbortSignal) => influxdbServer({ url, bucket: "b" }).until(signal).ask("select 1"),
    says: "/query",
  },
])("$name is hung up on when nobody waits for it any more", async ({ asks, says }) => {
  const given = new AbortController();
  const heard: string[] = [];
  const gone = Promise.withResolvers<void>();
  const mute = createServer((request, response) => {
    heard.push(request.url ?? "");
    response.on("close", () => gone.resolve());
    given.abort(new Error("nobody waits"));
  });
  await new Promise<void>((listening) => mute.listen(0, "127.0.0.1", listening));
  const { port } = mute.address() as AddressInfo;

  await expect(asks(`http://127.0.0.1:${port}`, given.signal)).rejects.toThrow("nobody waits");
  await gone.promise;
  mute.close();

  expect(heard.join()).toContain(says);
});
