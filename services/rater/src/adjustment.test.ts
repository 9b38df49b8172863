import { type Account, EVERYTHING, instant, ownAccount, parseDecimal } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { adjustments, voidInvoice, writeAdjustments } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { api } from "./fixtures/api.ts";
import { APRIL, BOOK, busyCloud, type Cloud, lived, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { reconcileMonths } from "./reconcile.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };
const exactly = { exactly: true };

const account = (corrections: Partial<Account["corrections"]> = {}): Account => ({
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  members: [{ kind: "project", id: "acme" }],
  corrections: { policy: "both", approval: false, ...corrections },
});

async function closed(corrections: Partial<Account["corrections"]> = {}): Promise<Cloud> {
  const sources = await busyCloud();
  await sources.ledger.recordAccount(account(corrections), instant("2026-01-01T00:00:00Z"));
  await closePeriod(sources, terms, APRIL);
  return sources;
}

const total = async ({ ledger }: Cloud): Promise<bigint> =>
  (await ledger.invoices({ account: "oaks" }, EVERYTHING)).reduce((sum, { invoice }) => sum + invoice.total, 0n);

describe("what becomes known after issue", () => {
  it("changes nothing where nothing changed", async () => {
    expect(await adjustments(await closed(), terms, exactly)).toEqual([]);
  });

  it("is a debit note where usage came late, proven like any document, and written once", async () => {
    const sources = await closed();
    await sources.say(lived("acme", "vm-late", march(1), march(2))); // 24 h small: 0.48
    const found = await adjustments(sources, terms, exactly);

    const written = await writeAdjustments(sources.ledger, found);
    const again = await writeAdjustments(sources.ledger, found);

    expect(written.map(({ document }) => document)).toMatchObject([
      {
        number: "RG-DN-000001",
        invoice: {
          kind: "debit-note",
          total: 48n,
          corrects: { number: "RG-000002", reason: "readings that became known after issue" },
          lines: [{ kind: "correction", sku: "compute.small", amount: 48n, change: { billed: 480n, due: 528n } }],
        },
      },
    ]);
    expect(again.map(({ document }) => document.number)).toEqual(["RG-DN-000001"]);
    expect(await adjustments(sources, terms, exactly)).toEqual([]);
    expect(await verify(sources, "RG-DN-000001", EVERYTHING)).toMatchObject({ passed: true, frozen: { findings: [] } });
    expect(await sources.ledger.usages("RG-DN-000001", 1, EVERYTHING)).toHaveLength(2);
  });

  it("is a credit note where a price was lowered after the fact", async () => {
    const sources = await closed();
    const lower = BOOK.prices.map((price) =>
      price.sku === "compute.small" ? { ...price, tiers: [{ amount: parseDecimal("0.01") }] } : price,
    );
    await sources.ledger.publish({ ...BOOK, version: "2", prices: lower }, instant("2026-01-01T00:00:00Z"));

    const [credit] = await writeAdjustments(
      sources.ledger,
      (await adjustments(sources, terms, exactly)).filter(({ waits }) => waits === undefined),
    );

    expect(credit?.document).toMatchObject({
      number: "RG-CN-000001",
      invoice: { total: -240n, corrects: { reason: "prices that became known after issue" } },
    });
    expect(await total(sources)).toBe(432n);
    expect(await verify(sources, "RG-CN-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("adds up to the bill from scratch over several corrections", async () => {
    const sources = await closed();
    for (const day of [3, 5, 7]) {
      await sources.say(lived("acme", `vm-late-${day}`, march(day), march(day + 1)));
      await writeAdjustments(sources.ledger, await adjustments(sources, terms, exactly));
    }

    const scratch = await busyCloud();
    for (const day of [3, 5, 7]) await scratch.say(lived("acme", `vm-late-${day}`, march(day), march(day + 1)));
    const [acme] = await closePeriod(scratch, terms, APRIL);

    expect(acme).toMatchObject({ invoice: { invoice: { total: await total(sources) } } });
    for (const { number } of await sources.ledger.invoices({}, EVERYTHING))
      expect(await verify(sources, number, EVERYTHING)).toMatchObject({ passed: true });
  });

  it.each([
    [{ policy: "report" }, "corrections of this account are only reported"],
    [{ policy: "credit-only" }, "only what is in the customer's favour is written for this account"],
    [{ least: parseDecimal("1") }, "0.48 EUR is less than what is written for this account"],
    [{ approval: true }, "one person must propose it and another approve"],
  ] as const)("waits and is told of under %o", async (corrections, waits) => {
    const sources = await closed(corrections);
    await sources.say(lived("acme", "vm-late", march(1), march(2)));

    expect(await adjustments(sources, terms, exactly)).toMatchObject([{ waits }]);
  });

  it("is refused once the invoice was corrected by another meanwhile", async () => {
    const sources = await closed();
    await sources.say(lived("acme", "vm-late", march(1), march(2)));
    const stale = await adjustments(sources, terms, exactly);
    await sources.say(lived("acme", "vm-later", march(1), march(2)));
    await writeAdjustments(sources.ledger, await adjustments(sources, terms, exactly));

    expect(await writeAdjustments(sources.ledger, stale)).toEqual([]);
    expect(await total(sources)).toBe(672n + 2n * 48n);
  });
});

describe("an invoice that is taken back", () => {
  it("is void by a full credit note, with what corrected it, and its period may be billed anew", async () => {
    const sources = await closed();
    await sources.say(lived("acme", "vm-late", march(1), march(2)));
    await writeAdjustments(sources.ledger, await adjustments(sources, terms, exactly));

    const note = await voidInvoice(sources, "RG-000002", "wrong buyer");

    expect(note).toMatchObject({ number: "RG-CN-000001", invoice: { total: -720n, corrects: { entirely: true } } });
    expect(await total(sources)).toBe(0n);
    expect(await voidInvoice(sources, "RG-000002", "again")).toBeUndefined();
    expect(await adjustments(sources, terms, exactly)).toEqual([]);
    expect(await verify(sources, "RG-CN-000001", EVERYTHING)).toMatchObject({ passed: true });
    const anew = await closePeriod(sources, terms, APRIL);
    expect(anew.find(({ account: id }) => id === "oaks")).toMatchObject({
      outcome: "issued",
      invoice: { number: "RG-000003", invoice: { total: 720n } },
    });
  });
});

describe("the schedule", () => {
  const schedule = { zone: ZONE, book: "standard", graceHours: 24, monthsBack: 1, holder: "rater-1" };

  it("writes what accounts let be written by itself, and tells of what waits", async () => {
    const sources = await closed();
    await sources.say([
      ...lived("acme", "late", march(1), march(2)),
      ...lived("globex", "late-too", march(1), march(2)),
    ]);

    const first = await reconcileMonths(sources, schedule, APRIL);
    const second = await reconcileMonths(sources, schedule, APRIL);

    expect(first.written).toMatchObject([{ document: { invoice: { account: { id: "oaks" }, total: 48n } } }]);
    expect(first.waiting).toMatchObject([{ original: { invoice: { account: { id: "globex" } } } }]);
    expect(second).toMatchObject({ written: [], waiting: [{}] });
  });
});

describe("the API of corrections", () => {
  it("tells of a difference, writes it when asked, and takes an invoice back", async () => {
    const { ask, say } = await api();
    const post = (url: string, payload: object) => ask("finance", url, { method: "POST", payload });
    await post("/v1/closings", { period: "2026-03" });
    await say(lived("acme", "late", march(1), march(2)));

    const pending = (await ask("finance", "/v1/adjustments?period=2026-03")).json();
    const written = (await post("/v1/adjustments", { period: "2026-03" })).json();
    const note = await post("/v1/invoices/RG-000001/void", { reason: "wrong buyer" });
    const again = await post("/v1/invoices/RG-000001/void", { reason: "wrong buyer" });

    expect(pending.items).toMatchObject([
      { number: "RG-000001", waits: "corrections of this account are only reported", document: { total: "0.48" } },
    ]);
    expect(written.documents).toMatchObject([
      { number: "RG-DN-000001", total: "0.48", corrects: { number: "RG-000001" } },
    ]);
    expect([note.statusCode, note.json().total]).toEqual([201, "-7.20"]);
    expect([again.statusCode, again.json().code]).toEqual([409, "CONFLICT"]);
  });
});
