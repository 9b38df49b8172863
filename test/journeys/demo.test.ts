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
    const demo = (name: string, ...more: readonly string[]) =>
      typed(["demo", "--once", "--json", ...more, "--data", join(scratch, name)]);
    runs = await Promise.all([demo("in-time"), demo("late", "--late")]);
  });
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
    const [inTime, late] = runs.map((run) => printed(run).invoices.map(({ account, lines }) => ({ account, lines })));
    const changed = new Set(printed(runs[1]).corrections.map(({ document }) => document.account.id));
    const unchanged = late?.filter(({ account }) => !changed.has(account.id));

    expect(unchanged).toHaveLength(2);
    expect(inTime).toEqual(expect.arrayContaining(unchanged ?? []));
  });

  it("settles a notification that came after the month was closed by one credit note, to the cent", () => {
    const { invoices, corrections } = printed(runs[1]);
    const [{ document }] = corrections as [Correction];
    const original = invoices.find(({ number }) => number === document.corrects.number);
    const inTime = printed(runs[0]).invoices.find(({ account }) => account.id === document.account.id);

    expect(corrections).toHaveLength(1);
    expect(document).toMatchObject({ kind: "credit-note", lines: [{ kind: "correction", sku: "ip.floating" }] });
    expect(cents(document.total)).toBeLessThan(0n);
    expect(cents(original?.total ?? "") + cents(document.total)).toBe(cents(inTime?.total ?? ""));
  });

  it("says of every line of the credit note why: what was billed, what is due, and which message came late", () => {
    const [{ document, why }] = printed(runs[1]).corrections as [Correction];

    expect(why).toHaveLength(document.lines.length);
    for (const { line, change, usages } of why) {
      const [usage] = usages.items;
      const [late] = usage?.late.items ?? [];
      expect(cents(line.change.due) - cents(line.change.billed)).toBe(cents(line.amount));
      expect(change.billed).toMatchObject([{ number: document.corrects.number, amount: line.change.billed }]);
      expect(change.due).toContain(`rounded half up to ${line.change.due} EUR`);
      expect(BigInt(usage?.usage.quantity ?? "")).toBeLessThan(BigInt(usage?.before ?? ""));
      expect(usage?.late.items).toMatchObject([{ stance: "ends" }]);
      expect(usage?.notifications.items).toContainEqual(
        expect.objectContaining({ id: late?.message, type: "floatingip.delete.end" }),
      );
    }
  });
});

interface Correction {
  readonly document: Printed["invoices"][number] & {
    readonly kind: string;
    readonly corrects: { readonly number: string };
  };
  readonly why: readonly {
    readonly line: { readonly amount: string; readonly change: { readonly billed: string; readonly due: string } };
    readonly change: { readonly billed: readonly object[]; readonly due: string };
    readonly usages: {
      readonly items: readonly {
        readonly usage: { readonly quantity: string };
        readonly before: string;
        readonly late: { readonly items: readonly { readonly message: string }[] };
        readonly notifications: { readonly items: readonly object[] };
      }[];
    };
  }[];
}

interface Printed {
  readonly invoices: readonly {
    readonly number: string;
    readonly account: { readonly id: string };
    readonly currency: string;
    readonly total: string;
    readonly lines: readonly { readonly amount: string }[];
  }[];
  /** With --late. */
  readonly corrections: readonly Correction[];
}

const printed = (run: Ended | undefined): Printed => JSON.parse(run?.out ?? "");

const cents = (amount: string): bigint => BigInt(amount.replace(".", ""));
