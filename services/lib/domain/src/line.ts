import { at, type Instant } from "./instant.ts";
import type { Sample } from "./sample.ts";

/** How many readings of a line, which is sorted by instant, are earlier. */
export function countBefore(line: readonly Sample[], moment: Instant): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((line[middle]?.at ?? moment) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of several at the instant before, the last. */
export const lastBefore = (line: readonly Sample[], moment: Instant): Sample | undefined =>
  line[countBefore(line, moment) - 1];

/** Of several at the instant after, the first. */
export const firstAfter = (line: readonly Sample[], moment: Instant): Sample | undefined =>
  line[countBefore(line, at(moment + 1))];
