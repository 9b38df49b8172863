import { EVERYTHING, formatMinor } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { type Closed, closePeriod, PeriodOpen } from "./close.ts";
import { PriceBookMissing } from "./drafts.ts";
import { APRIL, busyCloud, cloud, lived, MARCH, march, TERMS } from "./fixtures/cloud.ts";

const terms = { ...TERMS, allowUnpriced: false };

const told = (closed: readonly Closed[]) =>
  closed.map((each) =>
    "invoice" in each
      ? [each.account, each.outcome, each.invoice.number, formatMinor(each.invoice.invoice.total, "EUR")]
      : [each.account, each.outcome],
  );

describe("closing a period", () => {
  it("issues an invoice for every project with usage, in order, to the cent", async () => {
    const closed = await closePeriod(await busyCloud(), terms, APRIL);

    expect(told(closed)).toEqual([
      ["acme", "issued", "RG-000001", "6.72"],
      ["globex", "issued", "RG-000002", "0.48"],
    ]);
  });

  it("changes nothing when it is done again", async () => {
    const sources = await busyCloud();
    await closePeriod(sources, terms, APRIL);

    const again = await closePeriod(sources, terms, APRIL);

    expect(told(again)).toEqual([
      ["acme", "already issued", "RG-000001", "6.72"],
      ["globex", "already issued", "RG-000002", "0.48"],
    ]);
    expect(await sources.ledger.invoices({}, EVERYTHING)).toHaveLength(2);
  });

  it("leaves an issued invoice as it is when a reading comes late, and bills a project that is new", async () => {
    const sources = await busyCloud();
    await closePeriod(sources, terms, APRIL);
    await sources.say([...lived("acme", "vm-3", march(1), march(2)), ...lived("initech", "vm-4", march(1), march(2))]);

    const again = await closePeriod(sources, terms, APRIL);

    expect(told(again).map(([account, outcome, , total]) => [account, outcome, total])).toEqual([
      ["acme", "already issued", "6.72"],
      ["globex", "already issued", "0.48"],
      ["initech", "issued", "0.48"],
    ]);
  });

  it("holds a project whose usage no price names, says which, and bills the others", async () => {
    const sources = await busyCloud();
    await sources.say(lived("globex", "vm-x", march(1), march(2), { dimensions: { flavor: "huge", state: "active" } }));

    const closed = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject([
      { account: "acme", outcome: "issued" },
      { account: "globex", outcome: "held", reasons: ["no price for instance flavor=huge state=active (vm-x)"] },
    ]);
  });

  it("issues in spite of unpriced usage only when told so, and keeps that usage as evidence", async () => {
    const sources = await cloud();
    await sources.say([
      ...lived("acme", "vm-1", march(1), march(2)),
      ...lived("acme", "vm-x", march(1), march(2), { dimensions: { flavor: "huge", state: "active" } }),
    ]);

    const [closed] = await closePeriod(sources, { ...terms, allowUnpriced: true }, APRIL);

    expect(told(closed === undefined ? [] : [closed])).toEqual([["acme", "issued", "RG-000001", "0.48"]]);
    expect((await sources.ledger.usages("RG-000001", 0, EVERYTHING)).map(({ resource }) => resource)).toEqual(["vm-x"]);
  });

  it("draws no number for a project that used nothing that costs", async () => {
    const sources = await cloud();
    await sources.say(lived("acme", "vm-1", march(1), march(2), { meter: "vcpus", value: 2n }));

    expect(told(await closePeriod(sources, terms, APRIL))).toEqual([["acme", "nothing to charge"]]);
    expect(await sources.ledger.invoices({}, EVERYTHING)).toEqual([]);
  });

  it("holds a project whose time was billed under another period already", async () => {
    const sources = await busyCloud();
    await closePeriod(sources, { ...terms, period: { start: MARCH.start, end: march(15) } }, APRIL);

    const closed = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject([
      { account: "acme", outcome: "held" },
      { account: "globex", outcome: "issued" },
    ]);
  });

  it("refuses a period that is not over", async () => {
    await expect(closePeriod(await busyCloud(), terms, march(31))).rejects.toThrow(PeriodOpen);
  });

  it("refuses a period that no price book covers from its beginning", async () => {
    await expect(closePeriod(await busyCloud(), { ...terms, book: "other" }, APRIL)).rejects.toThrow(PriceBookMissing);
  });
});
