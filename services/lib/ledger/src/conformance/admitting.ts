import { describe, expect, it, vi } from "vitest";
import { LedgerConflict } from "../ledger.ts";
import type { Place } from "./subject.ts";

/** Promises 7 and 8: who holds a token, who holds a lease. */
export function admitting({ opened, itWith }: Place): void {
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
}
