import { at, EVERYTHING, projects } from "@raingauge/domain";
import { usageDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { bookOf, draftOf, month } from "../fixtures/draft.ts";
import type { Draft, Ledger } from "../ledger.ts";
import type { Place } from "./subject.ts";

/** Promises 4, 6 and 13: what is issued stays, who sees it, and what happens to it later. */
export function reading({ opened, itWith }: Place): void {
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

    it("tells a long list part by part, and nobody else's in any part", async () => {
      const { ledger } = await opened();
      for (const index of [0, 1, 2])
        for (const project of ["acme", "globex"]) await ledger.issue(draftOf(project, month(index)));
      const mine = await ledger.invoices({ project: "acme" }, projects("acme"));
      const parts: (readonly string[])[] = [];
      for (let after: string | undefined; parts.length === 0 || after !== undefined; ) {
        const part = await ledger.invoices({ limit: 2, ...(after === undefined ? {} : { after }) }, projects("acme"));
        parts.push(part.map(({ number }) => number));
        after = part.at(-1)?.number;
      }

      expect(parts).toEqual([mine.slice(0, 2).map(({ number }) => number), [mine[2]?.number], []]);
    });

    it.each(["account", "total"] as const)("is told by %s too, part by part, forwards and back", async (by) => {
      const { ledger } = await opened();
      for (const [index, seconds] of [137n, 9_000n, 137n].entries())
        for (const project of ["globex", "acme"]) await ledger.issue(draftOf(project, month(index), seconds));
      const all = await ledger.invoices({ by }, EVERYTHING);
      const placeOf = ({ invoice }: (typeof all)[number]) => (by === "total" ? invoice.total : invoice.account.id);
      const inParts = async (newestFirst: boolean, scope = EVERYTHING) => {
        const found: string[] = [];
        for (let after: string | undefined; ; after = found.at(-1)) {
          const part = await ledger.invoices(
            { by, newestFirst, limit: 2, ...(after === undefined ? {} : { after }) },
            scope,
          );
          found.push(...part.map(({ number }) => number));
          if (part.length < 2) return found;
        }
      };
      const numbers = all.map(({ number }) => number);

      for (const [index, one] of all.slice(1).entries()) {
        const before = all[index] ?? one;
        expect(
          placeOf(before) < placeOf(one) || (placeOf(before) === placeOf(one) && before.sequence < one.sequence),
        ).toBe(true);
      }
      expect(numbers).toHaveLength(6);
      expect(await inParts(false)).toEqual(numbers);
      expect(await inParts(true)).toEqual(numbers.toReversed());
      expect(await inParts(false, projects("acme"))).toEqual(
        all.filter(({ invoice }) => invoice.account.id === "acme").map(({ number }) => number),
      );
    });

    it("is told without its lines, up to an instant, of a period, and to whom it is told whole", async () => {
      const { ledger } = await opened();
      for (const index of [0, 1])
        for (const project of ["acme", "globex"]) await ledger.issue(addressed(draftOf(project, month(index))));
      await ledger.issue(draftOf("initech", month(0)));
      const whole = await ledger.invoices({}, EVERYTHING);
      const headOf = ({ invoice: { lines: _, ...invoice }, ...rest }: (typeof whole)[number]) => ({ ...rest, invoice });

      expect(await ledger.heads({}, EVERYTHING)).toEqual(whole.map(headOf));
      expect(await ledger.heads({ period: month(1) }, projects("globex"))).toEqual(whole.slice(3, 4).map(headOf));
      expect(await ledger.heads({ until: at((whole[0]?.issuedAt ?? 0) - 1) }, EVERYTHING)).toEqual([]);
    });

    it("is read from its end too, of one account, and ends where nothing is older", async () => {
      const { ledger } = await opened();
      for (const index of [0, 1, 2]) {
        await ledger.issue(draftOf("acme", month(index)));
        await ledger.issue(draftOf("globex", month(index)));
      }

      const mine = (await ledger.invoices({ account: "acme" }, EVERYTHING)).map(({ number }) => number);
      const newest = await ledger.invoices({ account: "acme", newestFirst: true, limit: 2 }, EVERYTHING);
      const oldest = await ledger.invoices(
        { account: "acme", newestFirst: true, limit: 2, after: newest[1]?.number ?? "" },
        EVERYTHING,
      );

      expect([...newest, ...oldest].map(({ number }) => number)).toEqual(mine.toReversed());
      expect(await ledger.invoices({ newestFirst: true, after: mine[0] ?? "" }, projects("acme"))).toEqual([]);
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
}

/** As it is billed to somebody outside the house: with addresses, whose lines are no invoice's, however they read. */
function addressed(draft: Draft): Draft {
  const lines = ["Am Pegel 7", '"lines":[{', '],"net":', '"total":"1"'];
  const party = { name: "Regenwolke", address: { lines, city: "Hamburg", postcode: "20457", country: "DE" } };
  const account = { ...draft.invoice.account, seller: party, buyer: party };
  return { ...draft, invoice: { ...draft.invoice, account } };
}
