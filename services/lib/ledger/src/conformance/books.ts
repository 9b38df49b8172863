import { at, EVERYTHING, ownAccount } from "@raingauge/domain";
import { placementsDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { bookOf, month } from "../fixtures/draft.ts";
import { LedgerConflict, Superseded } from "../ledger.ts";
import type { Place } from "./subject.ts";

/** Promise 1: price books, in valid and in known time; and of promise 10, over which version the next one is recorded. */
export function keepingBooks({ opened }: Place): void {
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
      (await ledger.bookAt("standard", month(1).start, knownAt === undefined ? undefined : at(knownAt)))?.book.version;

    expect(await known()).toBe("2");
    expect(await known(month(3).start)).toBe("2");
    expect(await known(month(3).start - 1)).toBe("1");
    expect(await known(month(2).start - 1)).toBeUndefined();
  });

  it("10. where a project belongs is said over what the writer has read, where they say what that was", async () => {
    const { ledger } = await opened();
    const place = (domain: string, over: string) => ledger.place({ project: "acme", domain, since: at(1_000) }, over);
    const nothing = placementsDigest([], "acme");
    await ledger.place({ project: "globex", domain: "west", since: at(0) });

    const tried = await Promise.allSettled([place("east", nothing), place("north", nothing)]);
    const said = (await ledger.placements()).filter(({ project }) => project === "acme");
    await place("south", placementsDigest(said, "acme"));

    expect(tried.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(place("west", nothing)).rejects.toThrow(Superseded);
    expect((await ledger.placements()).map(({ project }) => project)).toEqual(["globex", "acme", "acme"]);
  });

  describe("10. an account", () => {
    const oaks = (name: string) => ({
      ...ownAccount("oaks", { zone: "UTC", currency: "EUR", book: "standard" }),
      name,
    });

    it("is replaced only over what the writer has read, where they say what that was", async () => {
      const { ledger } = await opened();
      const first = await ledger.recordAccount(oaks("Oaks"), at(0));

      await expect(ledger.recordAccount(oaks("Oaks Ltd"), at(0), "another")).rejects.toThrow(Superseded);
      const second = await ledger.recordAccount(oaks("Oaks Ltd"), at(0), first.digest);
      await expect(ledger.recordAccount(oaks("Oaks plc"), at(0), first.digest)).rejects.toThrow(Superseded);

      expect((await ledger.accounts(EVERYTHING)).map(({ digest }) => digest)).toEqual([second.digest, first.digest]);
    });

    it("is replaced by one of those who write at the same moment over the same version", async () => {
      const { ledger } = await opened();
      const { digest } = await ledger.recordAccount(oaks("Oaks"), at(0));

      const tried = await Promise.allSettled(
        ["a", "b", "c"].map((name) => ledger.recordAccount(oaks(name), at(0), digest)),
      );

      expect(tried.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected", "rejected"]);
      expect(await ledger.accounts(EVERYTHING)).toHaveLength(2);
    });
  });
}
