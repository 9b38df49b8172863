import { at, EVERYTHING, HOUR_MS, type IssuedInvoice, instant, projects, takeBack } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { usageDigest } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LedgerConflict } from "../conflict.ts";
import { expectChain } from "../fixtures/chain.ts";
import { correctionOf, draftOf, month } from "../fixtures/draft.ts";
import { prepare } from "../issuing.ts";
import type { IssuedBill } from "../ledger.ts";
import { memoryLedger } from "../memory/memory.ts";
import type { Place } from "./subject.ts";

/** Promises 2, 3 and 5: numbers, the chain, a period billed once. */
export function issuing({ opened }: Place): void {
  describe("2. and 5. numbers and the chain", () => {
    it("have no gap and no repetition when many issue at the same time", async () => {
      const { ledger, another } = await opened();
      const others = another === undefined ? [ledger] : [ledger, await another(), await another()];
      const bills = Array.from({ length: 24 }, (_, index) =>
        draftOf(`project-${index % 8}`, month(Math.floor(index / 8))),
      );

      await Promise.all(bills.map((draft, index) => others[index % others.length]?.issue(draft)));

      const issued = await ledger.invoices({}, EVERYTHING);
      expect(issued.map(({ number }) => number)).toEqual(
        bills.map((_, index) => `RG-${String(index + 1).padStart(6, "0")}`),
      );
      expectChain(issued);
      for (const other of others.slice(1)) await other[Symbol.asyncDispose]();
    });

    it("are, to the byte, those of the plain ledger for any order of issuing, again and again", async () => {
      const bills = fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.bigInt({ min: 1n, max: 2_000_000n })), {
        minLength: 1,
        maxLength: 25,
      });
      await fc.assert(
        fc.asyncProperty(bills, async (orders) => {
          const clock = () => instant("2026-07-01T04:00:00.5Z");
          const { ledger } = await opened(clock);
          const plain = memoryLedger({ clock });
          for (const [project, index, seconds] of orders) {
            const draft = draftOf(`project-${project}`, month(index), seconds);

            expect(await ledger.issue(draft)).toEqual(await plain.issue(draft));
          }
          expect(await ledger.invoices({}, EVERYTHING)).toEqual(await plain.invoices({}, EVERYTHING));
        }),
        { numRuns: runs(3) },
      );
    });
  });

  describe("3. issuing", () => {
    it("a period again returns the invoice that is there, whatever the new draft says", async () => {
      const { ledger } = await opened();
      const first = await ledger.issue(draftOf("acme", month(0), 100n));

      const again = await Promise.all(
        [1n, 2n, 3n, 4n].map((seconds) => ledger.issue(draftOf("acme", month(0), seconds))),
      );

      expect(again).toEqual([first, first, first, first]);
      expect((await ledger.issue(draftOf("globex", month(0)))).sequence).toBe(2n);
    });

    it("the same bill from many sides at once makes one document", async () => {
      const { ledger } = await opened();

      const issued = await Promise.all(Array.from({ length: 10 }, () => ledger.issue(draftOf("acme", month(0)))));

      expect(new Set(issued.map(({ hash }) => hash)).size).toBe(1);
      expect(await ledger.invoices({}, EVERYTHING)).toHaveLength(1);
    });

    it("a period that overlaps an issued one is refused, and draws no number", async () => {
      const { ledger } = await opened();
      await ledger.issue(draftOf("acme", month(1)));
      const { start, end } = month(1);

      for (const period of [
        { start: at(start - HOUR_MS), end: at(start + 1) },
        { start: at(end - 1), end: at(end + HOUR_MS) },
        { start, end: at(end - 1) },
        { start: month(0).start, end: month(2).end },
      ]) {
        await expect(ledger.issue(draftOf("acme", period))).rejects.toThrow(/RG-000001.*twice/);
      }

      expect((await ledger.issue(draftOf("acme", month(0)))).sequence).toBe(2n);
      expect((await ledger.issue(draftOf("acme", month(2)))).sequence).toBe(3n);
    });

    it("many at once is issuing each of them, to the byte; what is refused keeps none of the others back", async () => {
      const bills = fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.bigInt({ min: 1n, max: 2_000_000n }), fc.boolean()), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(bills, fc.nat(11), async (orders, cut) => {
          const clock = () => instant("2026-07-01T04:00:00.5Z");
          const { ledger } = await opened(clock);
          const plain = memoryLedger({ clock });
          const drafts = orders.map(([project, index, seconds, isLong]) => {
            const { start } = month(index);
            return draftOf(`project-${project}`, isLong ? { start, end: month(index + 1).end } : month(index), seconds);
          });
          const parts = [drafts.slice(0, cut), drafts.slice(cut)];

          for (const part of parts) {
            const results = await ledger.issueAll(part.map(prepare));
            for (const [index, draft] of part.entries()) {
              const expected = await plain.issue(draft).catch((error: unknown) => error);
              expect(saidOf(results[index])).toEqual(saidOf(expected));
            }
          }
          expect(await ledger.invoices({}, EVERYTHING)).toEqual(await plain.invoices({}, EVERYTHING));
          for (const { number } of await ledger.invoices({}, EVERYTHING))
            expect(await ledger.usages(number, undefined, EVERYTHING)).toEqual(
              await plain.usages(number, undefined, EVERYTHING),
            );
        }),
        { numRuns: runs(2) },
      );
    });

    it("many at once, and many of these at once, leave no gap, and a credit note among them follows its invoice", async () => {
      const { ledger, another } = await opened();
      const other = another === undefined ? ledger : await another();
      const months = [0, 1, 2].map((index) =>
        Array.from({ length: 8 }, (_, project) => draftOf(`project-${project}`, month(index), 137_000n)),
      );

      const [first = []] = await Promise.all(
        months.map((drafts, index) => (index === 1 ? other : ledger).issueAll(drafts.map(prepare))),
      );
      const [original] = first;
      if (original === undefined || original instanceof LedgerConflict) throw new Error("it was refused");
      const notes = await ledger.issueAll(
        [correctionOf(original), correctionOf(original), draftOf("project-0", month(3))].map(prepare),
      );

      const issued = await ledger.invoices({}, EVERYTHING);
      expectChain(issued.filter(({ series }) => series === "RG"));
      expect(issued).toHaveLength(26);
      expect(notes.map((each) => (each instanceof LedgerConflict ? "refused" : each.number))).toEqual([
        "RG-CN-000001",
        "RG-CN-000001",
        "RG-000025",
      ]);
      if (other !== ledger) await other[Symbol.asyncDispose]();
    });

    it("tells what each document bills, or which one it changes, as the documents themselves do", async () => {
      const { ledger } = await opened();
      const named = draftOf("globex", month(1), 137_000n);
      const first = await ledger.issue(draftOf('"pins":{"accountDigest":"', month(0), 137_000n));
      await ledger.issue({ ...named, pins: { ...named.pins, accountDigest: "ab".repeat(32) } });
      const note = await ledger.issue(correctionOf(first));
      const whole = takeBack([first, note], '"entirely":true');
      if (whole !== undefined) await ledger.issue({ invoice: whole, usages: new Map(), free: [], pins: note.pins });

      const issued = await ledger.invoices({}, EVERYTHING);

      expect(await ledger.bills({ start: month(0).start, end: month(1).end }, EVERYTHING)).toEqual(issued.map(billOf));
      expect(await ledger.bills(month(1), EVERYTHING)).toHaveLength(1);
      expect(await ledger.bills(month(1), projects("acme"))).toEqual([]);
    });

    it("freezes the usages behind each line, those that were free among them, under the document's digests", async () => {
      const { ledger } = await opened();
      const draft = draftOf("acme", month(0));

      const issued = await ledger.issue(draft);

      expect(await ledger.usages(issued.number, 1, EVERYTHING)).toEqual(draft.usages.get(1));
      expect(await ledger.usages(issued.number, 0, EVERYTHING)).toEqual(draft.free);
      expect(await ledger.usages(issued.number, 3, EVERYTHING)).toEqual([]);
      expect(await ledger.usages(issued.number, undefined, EVERYTHING)).toEqual([
        ...draft.free,
        ...[1, 2].flatMap((position) => draft.usages.get(position) ?? []),
      ]);
      expect(issued.usageDigests).toEqual([1, 2].map((position) => usageDigest(draft.usages.get(position) ?? [])));
      expect(issued.freeDigest).toBe(usageDigest(draft.free));
      expect(issued.invoice.lines).toHaveLength(2);
    });
  });
}

/** A refusal by what it says: it is as good as another in the same words. */
const saidOf = (result: unknown): unknown => (result instanceof LedgerConflict ? result.message : result);

const billOf = ({
  number,
  invoice: { account, period, corrects },
  pins: { accountDigest },
}: IssuedInvoice): IssuedBill => ({
  number,
  account: account.id,
  ...(accountDigest === undefined ? {} : { accountDigest }),
  period,
  ...(corrects === undefined ? {} : { corrects: { number: corrects.number, entirely: corrects.entirely } }),
});
