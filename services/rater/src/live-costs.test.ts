import { once } from "node:events";
import { request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { BOOK, busyCloud, lived, march, RICH_BOOK } from "./fixtures/cloud.ts";

interface Item {
  readonly period: { readonly start: string };
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

describe("what any period costs", () => {
  it.each([
    ["plain prices", BOOK],
    ["a minimum, caps and allowances", RICH_BOOK],
  ])("is what its months cost, and what its days do where it begins and ends among them, with %s", async (_, book) => {
    const cloud = await busyCloud(book);
    await cloud.say(lived("acme", "vm-3", march(-8), march(5)));
    const { ask } = await api(cloud);
    const costs = async (query: string): Promise<Item[]> =>
      (await ask("finance", `/v1/costs/live?group=sku&limit=1000&period=${query}`)).json().items;

    const months = [...(await costs("2026-02")), ...(await costs("2026-03"))];
    const both = await costs("2026-01-31T23:00:00Z/2026-03-31T22:00:00Z");
    const cut = await costs("2026-01-31T23:00:00Z/2026-03-31T22:00:00Z&bucket=month");
    const days = [...(await costs("2026-02&bucket=day")), ...(await costs("2026-03&bucket=day"))];
    const inside = await costs("2026-02-22T23:00:00Z/2026-03-06T23:00:00Z");

    expect(new Set(cut.map(({ period }) => period.start)).size).toBe(2);
    expect(cut.map(({ cost }) => cost)).toEqual(months.map(({ cost }) => cost));
    expect(both.length).toBeLessThan(months.length);
    expect(near(both, months)).toBe(true);
    const among = days.filter(({ period: { start } }) => start >= "2026-02-22T23" && start < "2026-03-06T23");
    expect(total(inside)).toBeGreaterThan(0n);
    expect(near(inside, among)).toBe(true);
  });

  it("is told of one that began before there was a price book, as long as nobody used anything then", async () => {
    const { ask } = await api();
    const costs = async (period: string): Promise<Item[]> =>
      (await ask("finance", `/v1/costs/live?group=sku&period=${period}`)).json().items;

    const since = await costs("2025-10-31T23:00:00Z/2026-03-31T22:00:00Z");

    expect(total(since)).toBeGreaterThan(0n);
    expect(near(since, await costs("2026-03"))).toBe(true);
  });
});
