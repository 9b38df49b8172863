import { describe, expect, it } from "vitest";
import type { Ledger } from "../ledger.ts";
import type { AuditEntry, NamedWrite } from "./records.ts";

const entry = (path: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  request: `req-${path}`,
  method: "POST",
  path,
  status: 201,
  from: "127.0.0.1",
  ...more,
});

const write = (key: string, more: Partial<NamedWrite> = {}): NamedWrite => ({
  caller: "anna",
  key,
  digest: "d1",
  ...more,
});

const ANSWER = { status: 201, contentType: "application/json", body: '{"number":"RG-1"}' };

/** What a ledger promises of the requests that the API answered. */
export function describeRequestRecords(opened: () => Promise<{ readonly ledger: Ledger }>): void {
  describe("11. the audit log", () => {
    it("is read newest first, in parts, with everything that was written", async () => {
      const { ledger } = await opened();
      await ledger.audit(entry("/one"));
      await ledger.audit(entry("/two", { caller: "anna", user: "u-1", role: "admin" }));
      await ledger.audit(entry("/three"));

      const first = await ledger.audited({ limit: 2 });
      const rest = await ledger.audited({ limit: 2, before: first[1]?.sequence ?? 0n });

      expect(first).toMatchObject([entry("/three"), entry("/two", { caller: "anna", user: "u-1", role: "admin" })]);
      expect(rest).toMatchObject([entry("/one")]);
    });
  });

  describe("12. named writes", () => {
    it("are begun by one of many", async () => {
      const { ledger } = await opened();

      const told = await Promise.all(Array.from({ length: 10 }, () => ledger.beginWrite(write("k"))));

      expect(told.toSorted()).toEqual(["begun", ...Array.from({ length: 9 }, () => "in progress")]);
    });

    it("give their answer again, and are another's for another caller, another key or another question", async () => {
      const { ledger } = await opened();
      await ledger.beginWrite(write("k"));
      await ledger.finishWrite(write("k"), ANSWER);

      expect(await ledger.beginWrite(write("k"))).toEqual(ANSWER);
      expect(await ledger.beginWrite(write("k", { digest: "d2" }))).toBe("other");
      expect(await ledger.beginWrite(write("k", { caller: "bert" }))).toBe("begun");
      expect(await ledger.beginWrite(write("l"))).toBe("begun");
    });

    it("can be begun anew when they were given up", async () => {
      const { ledger } = await opened();
      await ledger.beginWrite(write("k"));
      await ledger.finishWrite(write("k"), undefined);

      expect(await ledger.beginWrite(write("k"))).toBe("begun");
    });
  });
}
