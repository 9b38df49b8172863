import type { IssuedInvoice, Scope } from "@raingauge/domain";
import type { InvoiceQuery, Ledger } from "@raingauge/ledger";
import { decoded, encoded, type Page, strangeCursor } from "./paging.ts";

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * One page of the issued documents in the order of their issue, or against it. The ledger reads no more than is shown, and one
 * that says whether there is more: a list of a few does not grow slower with the years.
 */
export async function pageOfInvoices(
  ledger: Pick<Ledger, "invoices" | "invoice">,
  query: Omit<InvoiceQuery, "limit" | "after">,
  scope: Scope,
  { limit, cursor }: Asked,
): Promise<Page<IssuedInvoice>> {
  const after = cursor === undefined ? undefined : decoded(cursor);
  // A cursor of another list, or of somebody who saw more, must not look like a list's end.
  if (after !== undefined && (await ledger.invoice(after, scope)) === undefined) throw strangeCursor();
  const found = await ledger.invoices({ ...query, limit: limit + 1, ...(after === undefined ? {} : { after }) }, scope);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return last === undefined || found.length <= limit ? { items } : { items, next: encoded(last.number) };
}
