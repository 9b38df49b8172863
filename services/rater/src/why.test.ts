import { EVERYTHING, projects } from "@raingauge/domain";
import { usageDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
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
