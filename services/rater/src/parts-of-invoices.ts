import type { IssuedInvoice, Scope } from "@raingauge/domain";
import type { InvoiceQuery, Ledger } from "@raingauge/ledger";

/** So many documents are read at a time: few enough that whoever else asks meanwhile has a turn in between. */
const PART_DOCUMENTS = 20;

/** Issued documents part by part, so that the bills of a large cloud are never held, or decoded, all at once. */
export async function* invoicesInParts(
  ledger: Pick<Ledger, "invoices">,
  query: InvoiceQuery,
  scope: Scope,
): AsyncGenerator<readonly IssuedInvoice[]> {
  let after: string | undefined;
  do {
    const part = await ledger.invoices(
      { ...query, limit: PART_DOCUMENTS, ...(after === undefined ? {} : { after }) },
      scope,
    );
    if (part.length > 0) yield part;
    after = part.length < PART_DOCUMENTS ? undefined : part.at(-1)?.number;
  } while (after !== undefined);
}
