import { type Account, EVERYTHING, instant, ownAccount, rational } from "@raingauge/domain";
import { book, JANUARY, JANUARY_MS, price, tiers, traffic } from "@raingauge/test/generators/usage.ts";
import { viewIssued } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { adjustments, writeAdjustments } from "./adjustment.ts";
import { billsOf } from "./bill.ts";
import { calendarOf } from "./calendar.ts";
import { closePeriod } from "./close.ts";
import { draft, ENGINE, isDrafted } from "./draft.ts";
import { draftOf } from "./drafts.ts";
import { APRIL, busyCloud, type Cloud, lived, march, TERMS } from "./fixtures/cloud.ts";
import { measured } from "./parts.ts";
import { tzVersion } from "./tz-version.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };

const account: Account = {
  ...ownAccount("oaks", { zone: "Europe/Berlin", currency: "EUR", book: "standard" }),
  members: [{ kind: "project", id: "acme" }],
  corrections: { policy: "both", approval: false },
};

/** Of two projects and two regions, and less a tenth of what each project owes. */
const SHARED_USE = [
  { quantity: 632_867_000_000n, region: "north", project: "globex" },
  { quantity: 379_992_000_000n, region: "north", project: "acme" },
  { quantity: 331_494_000_000n, region: "west", project: "globex" },
].map(({ quantity, ...where }) => traffic(quantity, where));

const SHARED = book(
  [
    price({
      sku: "egress",
      meter: "network.outgoing.bytes",
      per: { label: "GB", quantity: 10n ** 9n },
      tiers: tiers(["100", "0.10"], ["0.0301"]),
      scope: "account",
      discountPercent: rational(10n),
    }),
  ],
  { name: "shared" },
);

/** Acme has a machine in the south too. */
async function twoRegions(): Promise<Cloud> {
  const sources = await busyCloud();
  await sources.ledger.recordAccount(account, instant("2026-01-01T00:00:00Z"));
  await sources.say(lived("acme", "vm-s", march(1), march(11), { region: "south" })); // 240 h small: 4.80
  return sources;
}

/** Issues as was done before lines could say in which region. */
async function issuedBefore({ store, ledger }: Cloud): Promise<void> {
  const watermark = await store.watermark();
  const bills = (await billsOf({ store, ledger }, terms, EVERYTHING)).filter(({ account: { id } }) => id === "oaks");
  const usagesOf = await measured(store, bills, EVERYTHING, watermark);
  for (const bill of bills) {
    const made = await draftOf(ledger, bill, usagesOf(bill), { watermark, byRegion: false });
    if (isDrafted(made))
      await ledger.issue({ ...made.draft, pins: { ...made.draft.pins, engine: "raingauge-rater/2" } });
  }
}

const theirs = async ({ ledger }: Cloud) => ledger.invoices({ account: "oaks" }, EVERYTHING);

describe("an account that used more than one region", () => {
  it("has lines that say which, together, and are proven like any", async () => {
    const sources = await twoRegions();

    await closePeriod(sources, terms, APRIL);

    const [issued] = await theirs(sources);
    expect(issued?.invoice.lines.map(({ region, sku, amount }) => [region, sku, amount])).toEqual([
      ["north", "address", 12n],
      ["north", "compute.large", 80n],
      ["north", "compute.small", 480n],
      ["north", "egress", 100n],
      ["south", "compute.small", 480n],
    ]);
    expect(issued && viewIssued(issued).lines.at(-1)?.region).toBe("south");
    expect(await verify(sources, issued?.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is verified and corrected as it was issued, where that was before lines said so", async () => {
    const sources = await twoRegions();
    await issuedBefore(sources);
    const [issued] = await theirs(sources);
    await sources.say(lived("acme", "vm-late", march(1), march(2), { region: "south" })); // 24 h small: 0.48

    const [written] = await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));

    expect(issued?.invoice.lines.map(({ region, sku }) => [region, sku])).toEqual([
      [undefined, "address"],
      [undefined, "compute.large"],
      [undefined, "compute.small"],
      [undefined, "egress"],
    ]);
    expect(await verify(sources, issued?.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
    expect(written?.document.invoice.lines).toMatchObject([{ kind: "correction", sku: "compute.small", amount: 48n }]);
    expect(await verify(sources, written?.document.number ?? "", EVERYTHING)).toMatchObject({
      passed: true,
      frozen: { findings: [] },
      readings: { findings: [] },
    });
  });

  it.each([
    { engine: "raingauge-rater/3", amounts: [1342n, 2234n, 1170n, -134n, -340n] },
    { engine: ENGINE, amounts: [1341n, 2235n, 1170n, -134n, -341n] },
  ])("is verified as $engine split what its projects share", async ({ engine, amounts }) => {
    const { ledger, store } = await busyCloud();
    const sources = { ledger, store };
    const published = await ledger.publish(SHARED, JANUARY.start);
    const shared = ownAccount("oaks", { zone: "UTC", currency: "EUR", book: SHARED.name });
    const projects = ["acme", "globex"].map((id) => ({ id, period: JANUARY }));
    const made = draft({ account: shared, projects, period: JANUARY, disputes: [] }, SHARED_USE, {
      published,
      watermark: await store.watermark(),
      monthMs: JANUARY_MS,
      tzVersion: tzVersion(),
      calendar: calendarOf("UTC"),
      splitsByLine: engine !== ENGINE,
    });

    const { number } = await ledger.issue({ ...made.draft, pins: { ...made.draft.pins, engine } });

    expect(made.draft.invoice.lines.map(({ amount }) => amount)).toEqual(amounts);
    expect((await verify(sources, number, EVERYTHING))?.frozen).toEqual({ passed: true, findings: [] });
  });

  it("is corrected region by region", async () => {
    const sources = await twoRegions();
    await closePeriod(sources, terms, APRIL);
    await sources.say(lived("acme", "vm-late", march(1), march(2), { region: "south" })); // 24 h small: 0.48

    const [written] = await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));

    expect(written?.document.invoice).toMatchObject({
      total: 48n,
      lines: [{ region: "south", sku: "compute.small", amount: 48n, change: { billed: 480n, due: 528n } }],
    });
    expect(await verify(sources, written?.document.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
  });
});

describe("an account that used one region", () => {
  it("has lines that do not say which, and a second one that is known later changes no shape", async () => {
    const sources = await busyCloud();
    await sources.ledger.recordAccount(account, instant("2026-01-01T00:00:00Z"));
    await closePeriod(sources, terms, APRIL);
    await sources.say(lived("acme", "vm-s", march(1), march(2), { region: "south" }));

    const [written] = await writeAdjustments(sources.ledger, await adjustments(sources, terms, { exactly: true }));

    expect((await theirs(sources))[0]?.invoice.lines.some((line) => "region" in line)).toBe(false);
    expect(written?.document.invoice).toMatchObject({ total: 48n, lines: [{ sku: "compute.small", amount: 48n }] });
    expect(await verify(sources, written?.document.number ?? "", EVERYTHING)).toMatchObject({ passed: true });
  });
});
