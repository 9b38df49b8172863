import { instant, ownAccount, type PriceBook, parseDecimal } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";
import { BOOK, busyCloud, RICH_BOOK, TERMS, ZONE } from "./fixtures/cloud.ts";
import { lint } from "./lint.ts";
import { whatIf } from "./what-if.ts";

const written = (version: string, amount = "0.03"): string => `
name: standard
version: "${version}"
currency: EUR
month: calendar
prices:
  - { sku: compute.small, description: Small, meter: instance, where: { flavor: small }, per: instance hour, amount: ${amount} }
`;

const send = ({ ask }: Api, path: string, payload: string, type = "application/yaml") =>
  ask("admin", `/v1/price-books${path}`, { method: "POST", payload, headers: { "content-type": type } });

describe("a price book", () => {
  it("that would change the past is refused unless that is said, and is then known from when it was published", async () => {
    const made = await api();

    const refused = await send(made, "?validFrom=2026-03-01T00:00:00Z", written("2"));
    const meant = await send(made, "?validFrom=2026-03-01T00:00:00Z&retroactive=true", written("2"));
    const again = await send(made, "?validFrom=2026-03-01T00:00:00Z", written("2"));

    expect(refused.json()).toMatchObject({ status: 409, code: "PRICE_BOOK_RETROACTIVE" });
    expect(meant.json()).toMatchObject({ validFrom: "2026-03-01T00:00:00Z", state: "in force" });
    expect(again.statusCode).toBe(201);
    expect(meant.json().publishedAt > meant.json().validFrom).toBe(true);
  });

  it("is scheduled for the 1st of the next month in one call, and ends the one before it", async () => {
    const made = await api();

    const next = await send(made, "?validFrom=next-month", written("2"));
    const later = await send(made, "?validFrom=2026-07", written("3"));
    const { items } = (await made.ask("reader", "/v1/price-books")).json();

    expect(next.json()).toMatchObject({ validFrom: "2026-04-30T22:00:00Z", state: "scheduled" });
    expect(later.json()).toMatchObject({ validFrom: "2026-06-30T22:00:00Z", state: "scheduled" });
    expect(items).toMatchObject([
      { version: "1", state: "in force", validUntil: "2026-04-30T22:00:00Z" },
      { version: "2", state: "scheduled", validUntil: "2026-06-30T22:00:00Z" },
      { version: "3", state: "scheduled" },
    ]);
  });

  it("may be JSON, whose numbers are read from their digits", async () => {
    const json = `{"name":"standard","version":"4","currency":"EUR","month":"calendar","prices":[{"sku":"s","description":"S",
      "meter":"instance","per":"instance hour","amount":0.1}]}`;

    const { content } = (await send(await api(), "?validFrom=2026-07", json, "application/json")).json();

    expect(content.prices[0].tiers).toEqual([{ amount: "1/10" }]);
  });

  it("shows a reader what was agreed with their project, and nothing of what was agreed with others", async () => {
    const made = await api();
    const overrides = `overrides:
  - { project: acme, prices: { compute.small: { amount: 0.01 } } }
  - { project: zebra, discount: 77 % }
  - { account: stripes, discount: 66 % }
`;
    await send(made, "?validFrom=2026-07", `${written("2")}${overrides}`);
    const shown = async (who: "reader" | "finance") =>
      (await made.ask(who, "/v1/price-books")).json().items.find(({ version }: { version: string }) => version === "2");

    const [own, all] = [await shown("reader"), await shown("finance")];

    expect(own.content.overrides).toEqual([
      { project: "acme", prices: { "compute.small": { tiers: [{ amount: "1/100" }] } } },
    ]);
    expect(JSON.stringify(own)).not.toMatch(/zebra|stripes/);
    expect(all.content.overrides.length).toBe(3);
    expect(own.digest).toBe(all.digest);
  });

  it("has a schema, which anybody may read", async () => {
    const { ask } = await api();

    const answer = await ask(undefined, "/v1/price-books/schema.json");

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ title: "Raingauge price book" });
  });
});

describe("lint", () => {
  it("says what usage of the last months would find no price, and is no publication", async () => {
    const made = await api();

    const { publishable, remarks } = (await send(made, "/lint?months=2", written("2"))).json();
    const said = remarks.map(({ severity, says }: Record<string, string>) => `${severity}: ${says}`);

    expect(publishable).toBe(true);
    expect(said).toContain("warning: instance that is like none of its prices has no price");
    expect(said).toContainEqual(expect.stringMatching(/^warning: no price for ip\.floating \(.*\), in 2026-03$/));
    expect((await made.ledger.books()).length).toBe(1);
  });

  it("says nothing of usage where the book cannot be published at all", async () => {
    const { store, ledger } = await busyCloud();

    const remarks = await lint({ store, ledger }, written("2", "-1"), {
      zone: ZONE,
      now: instant("2026-04-02T06:00:00Z"),
      months: 2,
    });

    expect(remarks).toEqual([
      expect.objectContaining({
        severity: "error",
        line: 7,
        says: "price compute.small: an amount cannot be negative",
      }),
    ]);
  });
});

describe("what if", () => {
  it.each([
    ["plain", BOOK],
    ["with all that a book can say", RICH_BOOK],
  ])("the same book were in force: no difference anywhere, %s", async (_, book) => {
    const cloud = await busyCloud(book);

    const { projects } = await whatIf(cloud, book, TERMS);

    expect(projects.length).toBeGreaterThan(1);
    for (const { before, after, skus } of projects)
      for (const each of [{ before, after }, ...skus]) expect(each.after).toBe(each.before);
  });

  it("another were in force: the difference of each project and article, to the cent", async () => {
    const cloud = await busyCloud();
    const dearer = {
      ...BOOK,
      prices: BOOK.prices.map((price) => (price.sku === "compute.small" ? doubled(price) : price)),
    };

    const { projects } = await whatIf(cloud, dearer, TERMS);
    const changed = projects.flatMap(({ project, skus }) =>
      skus.filter(({ before, after }) => before !== after).map(({ sku }) => `${project} ${sku}`),
    );

    expect(changed.every((each) => each.endsWith(" compute.small"))).toBe(true);
    expect(changed.length).toBeGreaterThan(0);
    for (const { before, after, skus } of projects)
      expect(after - before).toBe(skus.reduce((total, sku) => total + sku.after - sku.before, 0n));
  });

  it("bills each account by its own book, with what was agreed with it, and leaves out who is billed by another", async () => {
    const made = await busyCloud();
    const gold: PriceBook = {
      ...BOOK,
      name: "gold",
      minimum: { amount: parseDecimal("20"), scope: "account" },
      overrides: [{ account: "oaks", discountPercent: parseDecimal("50"), prices: {} }],
    };
    await made.ledger.publish(gold, instant("2026-01-01T00:00:00Z"));
    const oaks = ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "gold" });
    const members = [{ kind: "project", id: "acme" }] as const;
    await made.ledger.recordAccount({ ...oaks, members }, instant("2026-01-01T00:00:00Z"));
    const without = {
      ...gold,
      version: "2",
      overrides: [],
      minimum: { amount: parseDecimal("5"), scope: "account" },
    } as const;

    const golden = await whatIf(made, without, TERMS);
    const standard = await whatIf(made, { ...BOOK, version: "2" }, TERMS);

    expect(golden).toMatchObject({
      present: { name: "gold", version: "1" },
      accounts: [{ account: "oaks", before: 2000n, after: 672n }],
      projects: [{ account: "oaks", project: "acme", before: 336n, after: 672n }],
    });
    expect(standard.projects.map(({ project }) => project)).toEqual(["globex"]);
  });

  it("is answered by the API in decimals, writes nothing, and refuses another currency", async () => {
    const made = await api();

    const answer = (await send(made, "/what-if?period=2026-03", written("2"))).json();
    const dollars = await send(made, "/what-if?period=2026-03", written("2").replace("EUR", "USD"));

    expect(answer).toMatchObject({ period: "2026-03", currency: "EUR", candidate: { version: "2" } });
    expect(answer.projects.map(({ project }: { project: string }) => project)).toEqual(["acme", "globex"]);
    expect(dollars.json()).toMatchObject({ status: 409, code: "CONFLICT" });
    expect((await made.ledger.books()).length).toBe(1);
  });
});

const doubled = (price: (typeof BOOK.prices)[number]): (typeof BOOK.prices)[number] => ({
  ...price,
  tiers: price.tiers.map(({ amount, ...tier }) => ({
    ...tier,
    amount: { numerator: amount.numerator * 2n, denominator: amount.denominator },
  })),
});
