import { dimensionsKey, type Usage } from "@raingauge/domain";

/** One order for all adapters, so that an answer is the same bytes wherever it was computed. */
export const usagesInOrder = (usages: readonly Usage[]): Usage[] =>
  usages
    .map((usage) => ({
      usage,
      key: [usage.meter, usage.region, usage.resource, usage.project, dimensionsKey(usage.dimensions)],
    }))
    .toSorted((a, b) => compareKeys(a.key, b.key))
    .map(({ usage }) => usage);

/** By code units, never by locale: the machine's language must not reorder a bill. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const order = compareText(part, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
