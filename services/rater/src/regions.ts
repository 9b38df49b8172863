import type { IssuedInvoice, Usage } from "@raingauge/domain";

/** Whether something was used in more than one region: then each line says in which. */
export function severalRegions(usages: readonly Usage[]): boolean {
  const first = usages.find(({ quantity }) => quantity > 0n)?.region;
  return usages.some(({ quantity, region }) => quantity > 0n && region !== first);
}

/** Split an account's shared amounts over all lines at once, so that regions could move a cent between projects. */
export const ENGINE_BY_LINE = "raingauge-rater/3";

/**
 * The shape in which a document is computed again, and corrected: the one that it has. One that was issued before lines could say in which
 * region, or before anything was known of a second one, goes on without, and what was split over lines goes on being so.
 */
export const asWas = (issued: Pick<IssuedInvoice, "invoice" | "pins"> | undefined) => ({
  byRegion: issued?.invoice.lines.some(({ region }) => region !== undefined) === true,
  splitsByLine: issued?.pins.engine === ENGINE_BY_LINE,
});
