import { EVERYTHING, projects } from "@raingauge/domain";
import { usageDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { adjustments, voidInvoice, writeAdjustments } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { APRIL, busyCloud, lived, march, TERMS } from "./fixtures/cloud.ts";
import { why } from "./why.ts";

const ALL = { offset: 0, usages: 100, readings: 100 };

async function closedCloud() {
  const made = await busyCloud();
  await closePeriod(made, { ...TERMS, allowUnpriced: false }, APRIL);
  return made;
}

describe("why an invoice line says what it says", () => {
  it("names the rule, the arithmetic, the usage, the readings and the messages", async () => {
    const reasons = await why(await closedCloud(), "RG-000001", 2, EVERYTHING, ALL);

    expect(reasons?.rule).toMatchObject({
      sku: "compute.large",
      book: { name: "standard", version: "1" },
      where: { flavor: "large" },
    });
    expect(reasons?.rule.arithmetic).toBe("10 hour × 0.08 EUR = 0.8 EUR, rounded half up to 0.80 EUR");
    const [usage] = reasons?.usages.explained ?? [];
    expect(usage?.usage.resource).toBe("vm-2");
    expect(usage?.sentence).toContain("36000000 instance·ms over 0 s seen, 10 h inferred");
    expect(usage?.sentence).toContain(
      "; it ended at 2026-03-05T09:00:00Z, which is certain; all 2 readings lie in the period",
    );
    expect(usage?.messages.shown).toEqual([`message-acme-vm-2-${march(5)}`, `message-acme-vm-2-${march(5, 10)}`]);
  });

  it("tells the tiers of a graduated price one by one", async () => {
    const reasons = await why(await closedCloud(), "RG-000001", 4, EVERYTHING, ALL);

    expect(reasons?.rule.arithmetic).toBe("10 GB × 0 EUR + 20 GB × 0.05 EUR = 1 EUR, rounded half up to 1.00 EUR");
  });

  it("counts and seals every level, whatever part of it is shown", async () => {
    const sources = await closedCloud();
    const frozen = await sources.ledger.usages("RG-000001", 3, EVERYTHING);

    const whole = await why(sources, "RG-000001", 3, EVERYTHING, ALL);
    const part = await why(sources, "RG-000001", 3, EVERYTHING, { ...ALL, readings: 1 });

    expect(whole?.usages).toMatchObject({ count: 1, digest: usageDigest(frozen) });
    expect(part?.usages.explained[0]?.readings.shown).toHaveLength(1);
    expect(part?.usages.explained[0]?.readings).toMatchObject({
      count: 2,
      digest: whole?.usages.explained[0]?.readings.digest,
    });
  });

  it("gives the same reasons after a late reading as before it", async () => {
    const sources = await closedCloud();
    const before = await why(sources, "RG-000001", 3, EVERYTHING, ALL);
    await sources.say(lived("acme", "vm-1", march(3), march(4)));

    expect(await why(sources, "RG-000001", 3, EVERYTHING, ALL)).toEqual(before);
  });

  it("is silent alike about a line that is not there and one of a foreign project", async () => {
    const sources = await closedCloud();

    expect(await why(sources, "RG-000001", 9, EVERYTHING, ALL)).toBeUndefined();
    expect(await why(sources, "RG-000001", 3, projects("globex"), ALL)).toBeUndefined();
    expect(await why(sources, "RG-000777", 3, projects("globex"), ALL)).toBeUndefined();
  });
});

describe("why a credit or debit note's line says what it says", () => {
  async function corrected() {
    const sources = await closedCloud();
    await sources.say(lived("acme", "vm-late", march(1), march(2)));
    await writeAdjustments(sources.ledger, await adjustments(sources, TERMS, { exactly: true }));
    return sources;
  }

  it("names what was billed, what is due, the usage that changed, and the readings that came late", async () => {
    const reasons = await why(await corrected(), "RG-DN-000001", 1, EVERYTHING, ALL);

    expect(reasons?.rule.arithmetic).toBe("5.28 EUR due − 4.80 EUR billed = 0.48 EUR");
    expect(reasons?.change).toMatchObject({
      billed: [
        {
          number: "RG-000001",
          amount: 480n,
          arithmetic: "240 hour × 0.02 EUR = 4.8 EUR, rounded half up to 4.80 EUR",
        },
      ],
      due: "264 hour × 0.02 EUR = 5.28 EUR, rounded half up to 5.28 EUR",
      before: [{ resource: "vm-1" }],
      gone: [],
    });
    expect(reasons?.usages.explained).toMatchObject([
      { usage: { resource: "vm-late" }, late: { count: 2 }, readings: { count: 2 } },
      { usage: { resource: "vm-1" }, before: 240n * 3_600_000n, late: { count: 0 }, readings: { count: 2 } },
    ]);
    expect(reasons?.usages.explained[0]).not.toHaveProperty("before");
  });

  it("counts as late what came after the correction before it, and adds up what both billed", async () => {
    const sources = await corrected();
    await sources.say(lived("acme", "vm-later", march(1), march(2)));
    await writeAdjustments(sources.ledger, await adjustments(sources, TERMS, { exactly: true }));

    const reasons = await why(sources, "RG-DN-000002", 1, EVERYTHING, ALL);

    expect(reasons?.change?.billed).toMatchObject([
      { number: "RG-000001", amount: 480n },
      { number: "RG-DN-000001", amount: 48n },
    ]);
    expect(reasons?.usages.explained.filter(({ late }) => late?.count !== 0)).toMatchObject([
      { usage: { resource: "vm-later" } },
    ]);
  });

  it("names what nothing is left of where an invoice was taken back", async () => {
    const sources = await closedCloud();
    const note = await voidInvoice(sources, "RG-000001", "wrong buyer");

    const reasons = await why(sources, note?.number ?? "", 3, EVERYTHING, ALL);

    expect(reasons?.change).toMatchObject({ billed: [{ number: "RG-000001" }], gone: [{ resource: "vm-1" }] });
    expect(reasons?.change).not.toHaveProperty("due");
    expect(reasons?.usages.count).toBe(0);
  });
});

it("shows the notifications behind the readings, as they were kept", async () => {
  const sources = await closedCloud();
  const message = `message-acme-vm-2-${march(5)}`;
  const event = { type: "compute.instance.create.end", region: "north", source: "nova", project: "acme" };
  await sources.say([], {
    events: [
      { ...event, id: message, at: march(5), resource: "vm-2", attributes: {} },
      { ...event, id: "another", at: march(5), resource: "vm-2", attributes: {} },
    ],
  });

  const reasons = await why(sources, "RG-000001", 2, EVERYTHING, ALL);

  expect(reasons?.usages.explained[0]?.notifications).toMatchObject({
    count: 1,
    shown: [{ id: message, type: "compute.instance.create.end" }],
  });
});
