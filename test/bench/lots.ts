/** Cuts what there is into lots of so many, in its order; the last one may be smaller. */
export function* inLots<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
