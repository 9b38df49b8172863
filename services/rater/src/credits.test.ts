import {
  type Account,
  type Credit,
  EVERYTHING,
  formatMinor,
  instant,
  ownAccount,
  type PriceBook,
  parseDecimal,
  rational,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { adjustments, voidInvoice, writeAdjustments } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { api } from "./fixtures/api.ts";
import { APRIL, BOOK, busyCloud, type Cloud, lived, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };
const JANUARY = instant("2026-01-01T00:00:00Z");

const oaks: Account = {
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  mode: "external",
  seller: { name: "Cloud AG", address: { lines: [], city: "Bonn", postcode: "53111", country: "DE" } },
  buyer: { name: "Oaks Ltd", address: { lines: [], city: "Ulm", postcode: "89073", country: "DE" } },
  taxes: [{ category: "S", rate: rational(19n) }],
  members: [{ kind: "project", id: "acme" }],
  corrections: { policy: "both", approval: false },
};

const credit = (id: string, told: Partial<Credit> = {}): Credit => ({
  id,
  account: "oaks",
  kind: "promotional",
  currency: "EUR",
  amount: 100n,
  priority: 100,
  note: "",
  ...told,
});

/** acme owes 6.72 net for March: 4.80 small, 0.80 large, 1.00 traffic, 0.12 address; 8.00 with tax. */
async function granted(credits: readonly Credit[], book: PriceBook = BOOK): Promise<Cloud> {
  const made = await busyCloud(book);
  await made.ledger.recordAccount(oaks, JANUARY);
  for (const each of credits) await made.ledger.grantCredit(each, "ann");
  return made;
}

const left = async ({ ledger }: Cloud): Promise<Record<string, bigint>> =>
  Object.fromEntries((await ledger.credits({}, EVERYTHING)).map((each) => [each.credit.id, each.left]));

const documents = ({ ledger }: Cloud) => ledger.invoices({ account: "oaks" }, EVERYTHING);

describe("credit", () => {
  it("that was given comes off before the tax, that was paid pays after it, and both are proven", async () => {
    const sources = await granted([
      credit("welcome", { amount: 172n }),
      credit("deposit", { kind: "prepaid", amount: 400n }),
    ]);

    await closePeriod(sources, terms, APRIL);

    const [issued] = await documents(sources);
    expect(issued?.invoice.lines.at(-1)).toMatchObject({ kind: "credit", sku: "welcome", amount: -172n });
    expect(issued?.invoice).toMatchObject({ net: 500n, total: 595n, prepaid: [{ credit: "deposit", amount: 400n }] });
    expect(await left(sources)).toEqual({ welcome: 0n, deposit: 0n });
    expect(await verify(sources, issued?.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is drawn by priority, then by what ends first, as far as something is left to pay", async () => {
    const end = instant("2026-06-01T00:00:00Z");
    const sources = await granted([
      credit("last", { priority: 200, amount: 1_000n }),
      credit("open", { amount: 100n }),
      credit("ending", { amount: 100n, until: end }),
      credit("first", { priority: 1, amount: 100n }),
    ]);

    await closePeriod(sources, terms, APRIL);

    const [issued] = await documents(sources);
    const drawn = issued?.invoice.lines.filter(({ kind }) => kind === "credit").map(({ sku, amount }) => [sku, amount]);
    expect(drawn).toEqual([
      ["first", -100n],
      ["ending", -100n],
      ["open", -100n],
      ["last", -372n],
    ]);
    expect(issued?.invoice.total).toBe(0n);
    expect(await closePeriod(sources, terms, APRIL)).toMatchObject([{}, { outcome: "already issued" }]);
  });

  it.each([
    ["articles", { skus: ["compute.*"] }, -560n],
    ["projects", { projects: ["globex"] }, undefined],
    ["a time before", { until: instant("2026-02-01T00:00:00Z") }, undefined],
    ["a part of the month", { since: instant("2026-03-31T00:00:00Z") }, -672n],
    ["another currency", { currency: "CHF" }, undefined],
  ] as const)("that is for %s pays for those", async (_name, told, amount) => {
    const sources = await granted([credit("some", { amount: 10_000n, ...told })]);

    await closePeriod(sources, terms, APRIL);

    const [issued] = await documents(sources);
    expect(issued?.invoice.lines.find(({ kind }) => kind === "credit")?.amount).toBe(amount);
  });

  it("is drawn by the draft as it would be by the invoice, and nothing of it is used up", async () => {
    const sources = await granted([credit("welcome", { amount: 172n })]);
    const { ask } = await api(sources);

    const { document } = (await ask("finance", "/v1/accounts/oaks/draft?period=2026-03")).json();
    const before = await left(sources);
    await closePeriod(sources, terms, APRIL);

    const [issued] = await documents(sources);
    expect(before).toEqual({ welcome: 172n });
    expect(document.lines.at(-1)).toMatchObject({ kind: "credit", amount: "-1.72" });
    expect(document.total).toBe(formatMinor(issued?.invoice.total ?? 0n, "EUR"));
  });

  it("pays what came late from what was left at issue, to the cent, and gets back what was too much", async () => {
    const credits = [credit("welcome", { amount: 700n }), credit("deposit", { kind: "prepaid", amount: 5_000n })];
    const sources = await granted(credits);
    await closePeriod(sources, terms, APRIL);
    await sources.say(lived("acme", "late", march(1), march(11))); // 4.80 more
    await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));

    const scratch = await granted(credits);
    await scratch.say(lived("acme", "late", march(1), march(11)));
    await closePeriod(scratch, terms, APRIL);

    expect(await left(sources)).toEqual(await left(scratch));
    expect(await left(sources)).toEqual({ welcome: 0n, deposit: 5_000n - 538n });
    for (const { number } of await documents(sources))
      expect(await verify(sources, number, EVERYTHING)).toMatchObject({ passed: true });

    const cheaper = BOOK.prices.map((each) =>
      each.sku === "compute.small" ? { ...each, tiers: [{ amount: parseDecimal("0.001") }] } : each,
    );
    await sources.ledger.publish({ ...BOOK, version: "2", prices: cheaper }, JANUARY);
    await sources.say(lived("globex", "later", march(1), march(2)));
    await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));
    expect(await left(sources)).toEqual({ welcome: 700n - 240n, deposit: 5_000n });
    for (const { number } of await documents(sources))
      expect(await verify(sources, number, EVERYTHING)).toMatchObject({ passed: true });
  });

  it("granted after issue changes nothing of what was issued", async () => {
    const sources = await granted([]);
    await closePeriod(sources, terms, APRIL);

    await sources.ledger.grantCredit(credit("late", { amount: 10_000n }), "ann");

    expect(await adjustments(sources, terms, { exactly: true })).toEqual([]);
  });

  it("is whole again once the invoice was taken back, and pays for the new one", async () => {
    const sources = await granted([
      credit("welcome", { amount: 172n }),
      credit("deposit", { kind: "prepaid", amount: 400n }),
    ]);
    await closePeriod(sources, terms, APRIL);
    const [first] = await documents(sources);

    const note = await voidInvoice(sources, first?.number ?? "", "wrong buyer");

    expect(await left(sources)).toEqual({ welcome: 172n, deposit: 400n });
    expect(await verify(sources, note?.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
    await closePeriod(sources, terms, APRIL);
    expect(await left(sources)).toEqual({ welcome: 0n, deposit: 0n });
  });

  it("that somebody altered afterwards is found", async () => {
    const sources = await granted([credit("welcome", { amount: 172n })]);
    await closePeriod(sources, terms, APRIL);
    const [issued] = await documents(sources);
    const altered = {
      ...sources.ledger,
      credits: async (...asked: Parameters<typeof sources.ledger.credits>) =>
        (await sources.ledger.credits(...asked)).map((each) => ({ ...each, credit: { ...each.credit, amount: 999n } })),
    };

    const proof = await verify({ ...sources, ledger: altered }, issued?.number ?? "", EVERYTHING);

    expect(proof?.frozen.findings).toEqual([
      { check: "credit", sentence: "credit welcome is not what it was at issue" },
    ]);
  });
});

describe("what of a credit nothing can draw", () => {
  it("is said where it is granted and listed, and of a new book before it is published", async () => {
    const sources = await granted([credit("welcome", { skus: ["compute.*"] })]);
    const { ask } = await api(sources);
    const put = (id: string, more: object) =>
      ask("finance", `/v1/accounts/oaks/credits/${id}`, {
        method: "PUT",
        payload: { kind: "promotional", amount: "1.00", currency: "EUR", ...more },
      });

    const slip = (await put("slip", { skus: ["computer.*"], projects: ["umbrella"] })).json();
    const { items } = (await ask("finance", "/v1/accounts/oaks/credits")).json();
    const linted = await ask("finance", "/v1/price-books/lint?months=0", {
      method: "POST",
      payload: WITHOUT_MACHINES,
      headers: { "content-type": "application/yaml" },
    });

    expect(slip.remarks).toEqual([
      expect.stringMatching(/^no article of price book standard \S+ is called computer\.\*$/),
      "project umbrella is none of the account's",
    ]);
    expect(items.map(({ id, remarks }: { id: string; remarks: string[] }) => [id, remarks.length])).toEqual([
      ["slip", 2],
      ["welcome", 0],
    ]);
    expect(linted.json().remarks.map(({ says }: { says: string }) => says)).toEqual(
      expect.arrayContaining([
        "credit welcome of account oaks: no article of price book standard next is called compute.*",
      ]),
    );
  });
});

const WITHOUT_MACHINES = `name: standard
version: next
currency: EUR
month: calendar
free: [instance]
prices:
  - { sku: address, description: Address, meter: ip.floating, per: ip hour, amount: 0.01 }
`;

describe("the API of credit", () => {
  const body = { kind: "prepaid", amount: "250.00", currency: "EUR", note: "Deposit" };
  const account = {
    name: "Oaks",
    members: [{ kind: "project", id: "acme" }],
    zone: ZONE,
    currency: "EUR",
    book: "standard",
  };

  async function opened() {
    const made = await api();
    await made.ask("admin", "/v1/accounts/oaks?validFrom=2026-01-01T00:00:00Z", { method: "PUT", payload: account });
    const put = (payload: object, id = "deposit") =>
      made.ask("finance", `/v1/accounts/oaks/credits/${id}`, { method: "PUT", payload });
    return { ...made, put };
  }

  it("grants, shows what is left and why, and withdraws", async () => {
    const { ask, put } = await opened();
    const first = await put(body);
    const again = await put(body);
    const other = await put({ ...body, amount: "251.00" });
    await ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
    const url = "/v1/accounts/oaks/credits/deposit";
    const withdrawn = await ask("finance", `${url}/withdrawals`, {
      method: "POST",
      payload: { amount: "10.00", note: "paid back" },
    });

    expect([first.statusCode, first.json()]).toMatchObject([
      200,
      { left: "250.00", state: "open", grantedBy: "fiona" },
    ]);
    expect(again.json()).toEqual(first.json());
    expect([other.statusCode, other.json().code]).toEqual([409, "CONFLICT"]);
    expect(withdrawn.json().entries).toMatchObject([
      { kind: "granted", amount: "250.00", left: "250.00", by: "fiona", note: "Deposit" },
      { kind: "drawn", number: expect.stringMatching(/^RG-/) },
      { kind: "withdrawn", amount: "-10.00", by: "fiona", note: "paid back" },
    ]);
    expect((await ask("finance", "/v1/accounts/oaks/credits")).json().items).toMatchObject([{ id: "deposit" }]);
  });

  it.each([
    [{ ...body, amount: "0.00" }, 400],
    [{ ...body, amount: "1.001" }, 400],
    [{ ...body, amount: -5 }, 400],
    [{ ...body, currency: "CHF" }, 400],
    [{ ...body, since: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" }, 400],
  ])("refuses %o", async (payload, status) => {
    const { put } = await opened();

    expect((await put(payload)).statusCode).toBe(status);
  });

  it("is for those who see all money, and knows no account that is not there", async () => {
    const { ask } = await opened();
    const put = (role: Parameters<typeof ask>[0], account: string) =>
      ask(role, `/v1/accounts/${account}/credits/x`, { method: "PUT", payload: body });

    expect((await put("finance", "elms")).statusCode).toBe(404);
    expect((await put("reader", "oaks")).statusCode).toBe(403);
  });
});
