import {
  type Account,
  EVERYTHING,
  instant,
  ownAccount,
  type PriceBook,
  parseDecimal,
  projects,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { adjustments, writeAdjustments } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { liveCosts } from "./drafts.ts";
import { api } from "./fixtures/api.ts";
import { APRIL, BOOK, busyCloud, type Cloud, cloud, lived, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };
const JANUARY = instant("2026-01-01T00:00:00Z");

/** Machines in tiers over the account, a share of a fee from the 29th, and a minimum. */
const WIDE: PriceBook = {
  ...BOOK,
  fees: [
    {
      sku: "support",
      description: "Support",
      amount: parseDecimal("31.00"),
      months: 1,
      since: "2026-03-29",
      proration: "second",
      scope: "account",
    },
  ],
  minimum: { amount: parseDecimal("10.00"), scope: "account" },
  prices: BOOK.prices.map((price) =>
    price.sku === "compute.small"
      ? {
          ...price,
          scope: "account",
          tiers: [{ upTo: parseDecimal("200"), amount: parseDecimal("0.02") }, { amount: parseDecimal("0.01") }],
        }
      : price,
  ),
};

const oaks: Account = {
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  members: [
    { kind: "project", id: "acme" },
    { kind: "project", id: "globex" },
  ],
  corrections: { policy: "both", approval: false },
};

async function recorded(made: Cloud): Promise<Cloud> {
  await made.ledger.recordAccount(oaks, JANUARY);
  return made;
}

describe("an account whose projects are counted together", () => {
  it("is billed once for all of them, and its invoice proves itself with the days that it was worked out by", async () => {
    const sources = await recorded(await busyCloud(WIDE));

    const [closed] = await closePeriod(sources, terms, APRIL);

    const invoice = closed?.outcome === "issued" ? closed.invoice : undefined;
    expect(invoice?.invoice.lines.map(({ project, sku, amount }) => [project, sku, amount])).toEqual([
      ["acme", "address", 12n],
      ["acme", "compute.large", 80n],
      ["acme", "compute.small", 422n],
      ["acme", "egress", 100n],
      ["globex", "compute.small", 42n],
      [undefined, "minimum", 344n],
      [undefined, "support", 296n],
    ]);
    expect(invoice?.pins.days).toMatchObject({ "2026-03-29": instant("2026-03-28T23:00:00Z") });
    expect(await verify(sources, "RG-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is corrected to the cent: what came late moves every project's share", async () => {
    const sources = await recorded(await busyCloud(WIDE));
    await closePeriod(sources, terms, APRIL);
    await sources.say(lived("globex", "late", march(2), march(27)));

    await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));

    const scratch = await recorded(await busyCloud(WIDE));
    await scratch.say(lived("globex", "late", march(2), march(27)));
    const [whole] = await closePeriod(scratch, terms, APRIL);
    const documents = await sources.ledger.invoices({ account: "oaks" }, EVERYTHING);
    expect(documents.map(({ invoice }) => invoice.kind)).toEqual(["invoice", "debit-note"]);
    expect(whole).toMatchObject({
      invoice: { invoice: { total: documents.reduce((sum, { invoice }) => sum + invoice.total, 0n) } },
    });
    for (const { number } of documents)
      expect(await verify(sources, number, EVERYTHING)).toMatchObject({ passed: true });
  });

  it("owes its fees and its minimum though it used nothing", async () => {
    const sources = await recorded(await cloud(WIDE));

    const closed = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject([{ account: "oaks", outcome: "issued", invoice: { invoice: { total: 1296n } } }]);
    expect(await closePeriod(sources, terms, APRIL)).toMatchObject([{ outcome: "already issued" }]);
    expect(await verify(sources, "RG-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("owes nothing once its last member has left", async () => {
    const sources = await cloud(WIDE);
    await sources.ledger.recordAccount(
      { ...oaks, members: [{ kind: "project", id: "acme", until: instant("2026-02-01T00:00:00Z") }] },
      JANUARY,
    );

    expect(await closePeriod(sources, terms, APRIL)).toEqual([]);
  });

  it("lets somebody who sees one project see that by itself, and nothing of the account as a whole", async () => {
    const sources = await recorded(await busyCloud(WIDE));

    const costs = await liveCosts(sources, TERMS, projects("globex"));

    expect(
      costs.map(({ project, draft }) => [project, draft.invoice.lines.map(({ sku, amount }) => [sku, amount])]),
    ).toEqual([["globex", [["compute.small", 48n]]]]);
    expect(costs.map(({ isEstimate }) => isEstimate)).toEqual([true]);
  });

  it("has its projects' costs marked as estimates, and no other costs but of a month that is not over", async () => {
    const marks = async (sources: Cloud) => {
      const { ask } = await api(sources);
      const of = async (period: string) =>
        (await ask("finance", `/v1/costs?period=${period}`))
          .json()
          .items.map(({ project, estimate }: { project: string; estimate: string[] }) => [project, ...estimate]);
      return of("2026-03");
    };

    expect(await marks(await recorded(await busyCloud(WIDE)))).toEqual([
      ["acme", "account"],
      ["globex", "account"],
    ]);
    expect(await marks(await recorded(await busyCloud(BOOK)))).toEqual([["acme"], ["globex"]]);
    expect(await marks(await busyCloud(WIDE))).toEqual([["acme"], ["globex"]]);
  });
});
