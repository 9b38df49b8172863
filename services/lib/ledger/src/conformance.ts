import { at, EVERYTHING, HOUR_MS, type IssuedInvoice, instant, projects } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { documentHash, usageDigest } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { describeBudgets } from "./budgets/conformance.ts";
import { describeCredits } from "./credits/conformance.ts";
import { bookOf, draftOf, month } from "./fixtures/draft.ts";
import { type Ledger, LedgerConflict } from "./ledger.ts";
import { memoryLedger } from "./memory/memory.ts";
import type { LedgerOptions } from "./options.ts";
import { describeProposals } from "./proposals/conformance.ts";
import { describeRatingRecords } from "./rating-records/conformance.ts";
import { describeRequestRecords } from "./requests/conformance.ts";

/** A ledger with nothing in it, and other ways to what it holds. */
export interface Subject {
  readonly ledger: Ledger;
  /** The same data, as another process would open it. */
  readonly another?: () => Promise<Ledger>;
  /** Runs SQL as the ledger's own role, and gives what it selects as text. */
  readonly sql?: (statement: string) => Promise<string>;
}

/** What an adapter does not promise, each with the reason. */
export interface Exemptions {
  readonly another?: string;
  readonly sql?: string;
}

/** Every ledger keeps the numbered promises of the port. `open` gives an empty one. */
export function describeLedger(
  name: string,
  open: (options: LedgerOptions) => Promise<Subject>,
  exempt: Exemptions = {},
): void {
  const opened = async (clock: LedgerOptions["clock"] = () => at(Date.now())): Promise<Subject> => {
    const subject = await open({ clock });
    onTestFinished(() => subject.ledger[Symbol.asyncDispose]());
    return subject;
  };
  const itWith = (need: keyof Exemptions, title: string, test: () => Promise<void>): void => {
    const reason = exempt[need];
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (exempt: ${reason})`, test);
  };

  describe(`the promises of a ledger: ${name}`, () => {
    describe("1. price books", () => {
      it("are published once, and come back as they were published", async () => {
        const { ledger } = await opened(() => at(1_700_000_000_123));

        const published = await ledger.publish(bookOf("1"), month(0).start);
        const again = await ledger.publish(bookOf("1"), month(0).start);

        expect(published).toMatchObject({
          book: bookOf("1"),
          validFrom: month(0).start,
          publishedAt: 1_700_000_000_123,
        });
        expect(again).toEqual(published);
        expect(await ledger.books()).toEqual([published]);
        expect(await ledger.bookByDigest(published.digest)).toEqual(published);
        expect(await ledger.bookByDigest("unknown")).toBeUndefined();
      });

      it("never change: a version with another price or another date is refused", async () => {
        const { ledger } = await opened();
        const published = await ledger.publish(bookOf("1"), month(0).start);

        await expect(ledger.publish(bookOf("1", "0.03"), month(0).start)).rejects.toThrow(LedgerConflict);
        await expect(ledger.publish(bookOf("1"), month(1).start)).rejects.toThrow(LedgerConflict);

        expect(await ledger.books()).toEqual([published]);
      });

      it("are in force from their date until the next one's; of two from one date the later word counts", async () => {
        const { ledger } = await opened();
        for (const [version, from] of [
          ["1", 0],
          ["3", 2],
          ["2", 1],
          ["2b", 1],
        ] as const)
          await ledger.publish(bookOf(version), month(from).start);
        await ledger.publish({ ...bookOf("9"), name: "other" }, month(0).start);
        const inForce = async (moment: number) => (await ledger.bookAt("standard", at(moment)))?.book.version;

        expect(await inForce(month(0).start - 1)).toBeUndefined();
        expect(await inForce(month(0).start)).toBe("1");
        expect(await inForce(month(1).start - 1)).toBe("1");
        expect(await inForce(month(1).start)).toBe("2b");
        expect(await inForce(month(5).end)).toBe("3");
        expect((await ledger.books()).map(({ book }) => book.version)).toEqual(["9", "2b", "2", "3", "1"]);
      });
    });

    it("1. a book that reaches back is known from when it was published", async () => {
      let now = at(month(2).start);
      const { ledger } = await opened(() => now);
      await ledger.publish(bookOf("1"), month(0).start);
      now = at(month(3).start);
      await ledger.publish(bookOf("2", "0.03"), month(1).start);
      const known = async (knownAt?: number) =>
        (await ledger.bookAt("standard", month(1).start, knownAt === undefined ? undefined : at(knownAt)))?.book
          .version;

      expect(await known()).toBe("2");
      expect(await known(month(3).start)).toBe("2");
      expect(await known(month(3).start - 1)).toBe("1");
      expect(await known(month(2).start - 1)).toBeUndefined();
    });

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
            const { ledger } = await open({ clock });
            const plain = memoryLedger({ clock });
            for (const [project, index, seconds] of orders) {
              const draft = draftOf(`project-${project}`, month(index), seconds);

              expect(await ledger.issue(draft)).toEqual(await plain.issue(draft));
            }
            expect(await ledger.invoices({}, EVERYTHING)).toEqual(await plain.invoices({}, EVERYTHING));
            await ledger[Symbol.asyncDispose]();
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

    describe("4. what is issued", () => {
      it("does not change with the draft that it was issued from", async () => {
        const { ledger } = await opened();
        const draft = draftOf("acme", month(0));
        const before = structuredClone(await ledger.issue(draft));

        Object.assign(draft.invoice, { total: 0n, lines: [] });
        Object.assign(draft.usages.get(1)?.[0] ?? {}, { quantity: 0n });

        expect(await ledger.invoice(before.number, EVERYTHING)).toEqual(before);
        expect(usageDigest(await ledger.usages(before.number, 1, EVERYTHING))).toBe(before.usageDigests[0]);
      });

      itWith("sql", "can be neither changed nor deleted by SQL", async () => {
        const { ledger, sql } = await opened();
        await ledger.publish(bookOf("1"), month(0).start);
        const before = await ledger.issue(draftOf("acme", month(0)));
        const attempts = ["price_books", "invoices", "frozen_usages"].flatMap((table) => [
          `update ${table} set document = document`,
          `update ${table} set document = '{}' where false`,
          `delete from ${table}`,
          `truncate ${table} cascade`,
          `with gone as (delete from ${table} returning *) select * from gone`,
        ]);
        attempts.push(
          "insert into frozen_usages select * from frozen_usages on conflict (number, position) do update set document = ''",
        );
        attempts.push("merge into invoices using (select 1) as one on true when matched then delete");

        for (const attempt of attempts) await expect(sql?.(attempt), attempt).rejects.toThrow(/append-only/);

        expect(await ledger.invoices({}, EVERYTHING)).toEqual([before]);
      });

      itWith("another", "is there when the ledger is opened again", async () => {
        const { ledger, another } = await opened();
        const published = await ledger.publish(bookOf("1"), month(0).start);
        const issued = await ledger.issue(draftOf("acme", month(0)));
        const token = await ledger.grant({ name: "ann", role: "finance", projects: [] });

        const later = await another?.();

        expect(await later?.books()).toEqual([published]);
        expect(await later?.invoice(issued.number, EVERYTHING)).toEqual(issued);
        expect(await later?.caller(token)).toMatchObject({ name: "ann" });
        expect((await later?.issue(draftOf("acme", month(1))))?.previousHash).toBe(issued.hash);
        await later?.[Symbol.asyncDispose]();
      });
    });

    describe("6. the scope", () => {
      it("hides foreign invoices and their usages as if they did not exist", async () => {
        const { ledger } = await opened();
        const mine = await ledger.issue(draftOf("acme", month(0)));
        const theirs = await ledger.issue(draftOf("globex", month(0)));

        for (const scope of [projects("acme"), projects("acme", "initech")]) {
          expect(await ledger.invoices({}, scope)).toEqual([mine]);
          expect(await ledger.invoices({ project: "globex" }, scope)).toEqual([]);
          expect(await ledger.invoice(theirs.number, scope)).toBeUndefined();
          expect(await ledger.usages(theirs.number, 1, scope)).toEqual([]);
          expect(await ledger.usages(theirs.number, undefined, scope)).toEqual([]);
          expect(await ledger.usages(mine.number, 1, scope)).toHaveLength(1);
        }
        expect(await ledger.invoices({}, projects())).toEqual([]);
        expect(await ledger.invoice(mine.number, projects())).toBeUndefined();
        expect(await ledger.invoices({}, EVERYTHING)).toEqual([mine, theirs]);
      });

      it("leaves the invoices of a project, and those whose period lies within another", async () => {
        const { ledger } = await opened();
        for (const index of [0, 1, 2])
          for (const project of ["acme", "globex"]) await ledger.issue(draftOf(project, month(index)));
        const numbers = async (query: Parameters<Ledger["invoices"]>[0]) =>
          (await ledger.invoices(query, EVERYTHING)).map(({ sequence }) => sequence);

        expect(await numbers({ period: month(1) })).toEqual([3n, 4n]);
        expect(await numbers({ period: { start: month(0).start, end: month(1).end }, project: "globex" })).toEqual([
          2n,
          4n,
        ]);
        expect(await numbers({ period: { start: at(month(1).start + 1), end: month(1).end } })).toEqual([]);
      });
    });

    describe("7. tokens", () => {
      it("open the door to whom they were granted, until they are revoked", async () => {
        const { ledger } = await opened();
        const ann = { name: "ann", role: "reader", projects: ["acme", "o'hara"] } as const;

        const token = await ledger.grant(ann);

        expect(await ledger.caller(token)).toEqual(ann);
        for (const wrong of ["", "rg_", `${token}x`, token.slice(0, -1), token.toUpperCase(), "x".repeat(100_000)])
          expect(await ledger.caller(wrong)).toBeUndefined();
        expect(await ledger.revoke("ann")).toBe(true);
        expect(await ledger.caller(token)).toBeUndefined();
        expect(await ledger.revoke("ann")).toBe(false);
      });

      it("are one a name, and no two are the same", async () => {
        const { ledger } = await opened();
        const bob = { name: "bob", role: "admin", projects: [] } as const;
        const first = await ledger.grant(bob);

        await expect(ledger.grant({ ...bob, role: "reader" })).rejects.toThrow(LedgerConflict);
        expect((await ledger.caller(first))?.role).toBe("admin");
        await ledger.revoke("bob");
        const second = await ledger.grant(bob);

        expect(second).not.toBe(first);
        expect(Buffer.from(second.slice("rg_".length), "base64url")).toHaveLength(32);
        expect(await ledger.caller(first)).toBeUndefined();
      });

      itWith("sql", "rest hashed", async () => {
        const { ledger, sql } = await opened();
        const token = await ledger.grant({ name: "ann", role: "admin", projects: [] });

        const rows = await sql?.("select tokens::text from tokens");

        expect(rows).toContain("ann");
        expect(rows).not.toContain(token.slice("rg_".length));
      });
    });

    describe("13. after issue", () => {
      it("what happened to a document is added, and hidden with it", async () => {
        const { ledger } = await opened();
        const { number } = await ledger.issue(draftOf("acme", month(0)));
        const paid = {
          number,
          kind: "payment",
          amount: 300n,
          at: at(1_700_000_000_000),
          by: "fiona",
          note: "",
        } as const;
        const writtenOff = { ...paid, kind: "written-off", amount: 0n, note: "insolvent" } as const;

        await ledger.recordEvent(paid);
        await ledger.recordEvent(writtenOff);

        expect(await ledger.events(number, EVERYTHING)).toEqual([paid, writtenOff]);
        expect(await ledger.events(number, projects("acme"))).toHaveLength(2);
        expect(await ledger.events(number, projects("globex"))).toEqual([]);
        expect(await ledger.events("RG-000077", EVERYTHING)).toEqual([]);
        expect(await ledger.events(undefined, projects("acme"))).toEqual([paid, writtenOff]);
        expect(await ledger.events(undefined, projects("globex"))).toEqual([]);
      });

      it("that there was nothing to charge is remembered once for each account and period", async () => {
        const { ledger } = await opened();
        const nil = { account: "acme", period: month(0) };

        for (const each of [nil, nil, { ...nil, accountDigest: "d" }, { ...nil, period: month(1) }])
          await ledger.recordNil(each);

        expect(await ledger.nils(month(0))).toEqual(expect.arrayContaining([nil, { ...nil, accountDigest: "d" }]));
        expect(await ledger.nils(month(0))).toHaveLength(2);
        expect(await ledger.nils({ start: month(0).start, end: month(1).end })).toHaveLength(3);
      });
    });

    describe("8. a lease", () => {
      it("has one holder until that one gives it up", async () => {
        const { ledger } = await opened();

        const taken = await Promise.all(["a", "b", "c"].map((holder) => ledger.lease("closing", holder, 600)));

        expect(taken.filter((mine) => mine)).toHaveLength(1);
        const holder = ["a", "b", "c"][taken.indexOf(true)] ?? "";
        expect(await ledger.lease("closing", holder, 600)).toBe(true);
        expect(await ledger.lease("closing", "d", 600)).toBe(false);
        expect(await ledger.lease("rolling up", "d", 600)).toBe(true);
        await ledger.lease("closing", holder, 0);
        expect(await ledger.lease("closing", "d", 600)).toBe(true);
        expect(await ledger.lease("closing", holder, 600)).toBe(false);
      });

      it("passes to another when its time is over", async () => {
        const { ledger } = await opened();
        await ledger.lease("closing", "a", 0.3);

        await vi.waitFor(async () => expect(await ledger.lease("closing", "b", 600)).toBe(true), { timeout: 10_000 });

        expect(await ledger.lease("closing", "a", 600)).toBe(false);
      });
    });

    describeRatingRecords(() => opened());
    describeRequestRecords(() => opened());
    describeBudgets(opened);
    describeProposals(opened);
    describeCredits(opened);
  });
}

/** Every document seals its own text and the seal before it. */
export function expectChain(issued: readonly IssuedInvoice[]): void {
  for (const [index, document] of issued.entries()) {
    expect(document.sequence).toBe(BigInt(index + 1));
    expect(document.previousHash).toBe(issued[index - 1]?.hash ?? "");
    expect(document.hash).toBe(documentHash(document));
  }
}
