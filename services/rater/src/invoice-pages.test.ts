import { at, EVERYTHING, projects } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { draftOf, month } from "@raingauge/ledger/fixtures";
import { memoryLedger } from "@raingauge/ledger/memory";
import { describe, expect, it } from "vitest";
import { pageOfInvoices } from "./invoice-pages.ts";
import { Problem } from "./problems.ts";

/** Two accounts' first half of a year in turns, and how many documents were read. */
async function halfYear() {
  const ledger = memoryLedger({ clock: () => at(Date.UTC(2026, 6, 1)) });
  for (const index of [0, 1, 2, 3, 4, 5])
    for (const project of ["acme", "globex"]) await ledger.issue(draftOf(project, month(index)));
  const read: number[] = [];
  const counting: Pick<Ledger, "invoices" | "invoice"> = {
    async invoices(query, scope) {
      const found = await ledger.invoices(query, scope);
      read.push(found.length);
      return found;
    },
    invoice: (number, scope) => ledger.invoice(number, scope),
  };
  return { ledger, counting, read };
}

describe("a page of the issued documents", () => {
  it.each([false, true])(
    "reads of its ledger no more than it shows, and one (newest first: %s)",
    async (newestFirst) => {
      const { ledger, counting, read } = await halfYear();
      const mine = (await ledger.invoices({ account: "acme", newestFirst }, EVERYTHING)).map(({ number }) => number);
      const query = { account: "acme", newestFirst };

      const first = await pageOfInvoices(counting, query, EVERYTHING, { limit: 4 });
      const second = await pageOfInvoices(counting, query, EVERYTHING, { limit: 4, cursor: first.next });

      expect([...first.items, ...second.items].map(({ number }) => number)).toEqual(mine);
      expect(second.next).toBeUndefined();
      expect(read).toEqual([5, 2]);
    },
  );

  it("refuses a cursor that names nothing which its reader sees, and does not end there", async () => {
    const { counting } = await halfYear();
    const { next } = await pageOfInvoices(counting, {}, projects("globex"), { limit: 1 });

    await expect(pageOfInvoices(counting, {}, projects("acme"), { limit: 1, cursor: next })).rejects.toThrow(Problem);
  });
});
