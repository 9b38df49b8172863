import type { IssuedInvoice, Usage } from "@raingauge/domain";

/** Whether something was used in more than one region: then each line says in which. */
export function severalRegions(usages: readonly Usage[]): boolean {
  const first = usages.find(({ quantity }) => quantity > 0n)?.region;
  return usages.some(({ quantity, region }) => quantity > 0n && region !== first);
}

/**
 * Whether a document's lines say in which region. It is computed again, and corrected, in the shape that it has: one that was
 * issued before lines could say so, or before anything was known of a second region, goes on without.
 */
export const tellsRegions = (issued: Pick<IssuedInvoice, "invoice"> | undefined): boolean =>
  issued?.invoice.lines.some(({ region }) => region !== undefined) === true;
