import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith } from "@raingauge/harness";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ended, typed } from "./command.ts";

await describeWith("nats-server", "raingauge demo --once --json", () => {
  const scratch = mkdtempSync(join(tmpdir(), "raingauge-demo-"));
  let runs: readonly Ended[] = [];
  beforeAll(async () => {
    const demo = (name: string) => typed(["demo", "--once", "--json", "--data", join(scratch, name)]);
    runs = await Promise.all([demo("one"), demo("another")]);
  }, 300_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it("ends by itself with exit code 0, its progress on standard error", () => {
    expect(runs.map(({ code, err }) => ({ code, err }))).toEqual([
      { code: 0, err: expect.stringContaining("closing") },
      { code: 0, err: expect.stringContaining("closing") },
    ]);
  });

  it("prints invoices for three projects, each of more than 10.00, and nothing else", () => {
    const { invoices } = printed(runs[0]);

    expect(new Set(invoices.map(({ account }) => account.id)).size).toBe(3);
    for (const { number, currency, total } of invoices) {
      expect(number).toMatch(/\d$/);
      expect(currency).toBe("EUR");
      expect(Number(total)).toBeGreaterThan(10);
    }
  });

  it("prints totals that are the sum of their lines", () => {
    for (const { total, lines } of printed(runs[0]).invoices) {
      expect(cents(total)).toBe(lines.reduce((sum, { amount }) => sum + cents(amount), 0n));
    }
  });

  it("comes to the same lines each time, in whatever order things arrived", () => {
    const [one, another] = runs.map((run) => printed(run).invoices.map(({ account, lines }) => ({ account, lines })));

    expect(another).toEqual(one);
  });
});

interface Printed {
  readonly invoices: readonly {
    readonly number: string;
    readonly account: { readonly id: string };
    readonly currency: string;
    readonly total: string;
    readonly lines: readonly { readonly amount: string }[];
  }[];
}

const printed = (run: Ended | undefined): Printed => JSON.parse(run?.out ?? "");

const cents = (amount: string): bigint => BigInt(amount.replace(".", ""));
