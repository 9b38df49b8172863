import { once } from "node:events";
import { request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { busyCloud, RICH_BOOK } from "./fixtures/cloud.ts";

interface Item {
  readonly by: Readonly<Record<string, string>>;
  readonly cost: string;
}

/** In the 12 places that are shown; what is lost beyond them is less than one for each item. */
const total = (items: readonly Item[]): bigint =>
  items.reduce((sum, { cost }) => {
    const [whole = "0", places = ""] = cost.replace("-", "").split(".");
    const value = BigInt(whole + places.padEnd(12, "0"));
    return sum + (cost.startsWith("-") ? -value : value);
  }, 0n);

const near = (items: readonly Item[], other: readonly Item[]): boolean => {
  const difference = total(items) - total(other);
  return (difference < 0n ? -difference : difference) <= BigInt(items.length + other.length);
};

describe("what a month costs so far", () => {
  it.each(["project", "sku", "project,resource", "meter,dimension.flavor,region"])(
    "by %s adds up to the whole, by the day too, with tiers, caps, allowances and a minimum",
    async (group) => {
      const { ask } = await api(await busyCloud(RICH_BOOK));
      const costs = async (query: string): Promise<Item[]> =>
        (await ask("finance", `/v1/costs/live?period=2026-03&limit=1000${query}`)).json().items;

      const whole = await costs("");
      const [groups, days] = [await costs(`&group=${group}`), await costs(`&group=${group}&bucket=day`)];

      expect(whole.length).toBeGreaterThan(0);
      expect(near(groups, whole)).toBe(true);
      expect(near(days, whole)).toBe(true);
      expect(days.length).toBeGreaterThan(groups.length);
    },
  );

  it("names what costs it", async () => {
    const { ask } = await api();

    const { items } = (await ask("reader", "/v1/costs/live?period=2026-03&group=sku,resource")).json();

    expect(items.map(({ by, cost }: Item) => [by["sku"], by["resource"], cost])).toEqual([
      ["address", "ip-1", "0.12"],
      ["compute.large", "vm-2", "0.8"],
      ["compute.small", "vm-1", "4.8"],
      ["egress", "vm-1", "1"],
    ]);
  });

  it("is sent as it is, as an event, and ends when the server does", async () => {
    const { app, tokens } = await api();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const headers = { accept: "text/event-stream", "x-auth-token": tokens.reader };
    const asked = ask({ host: "127.0.0.1", port, path: "/v1/costs/live?period=2026-03", headers }).end();

    const [answer] = await once(asked, "response");
    const [text] = await once(answer, "data");
    const ended = once(answer, "end");
    await app.close();
    await ended;

    expect(answer.headers["content-type"]).toBe("text/event-stream");
    expect(String(text)).toMatch(/^event: costs\ndata: \{"items":\[.*"cost":"6.72"/);
  });

  it("of a question that cannot be answered is a problem, not a stream", async () => {
    const { ask } = await api();

    const answer = await ask("reader", "/v1/costs/live?period=2020-03", { headers: { accept: "text/event-stream" } });

    expect([answer.statusCode, answer.json().code]).toEqual([409, "PRICE_BOOK_MISSING"]);
  });
});
