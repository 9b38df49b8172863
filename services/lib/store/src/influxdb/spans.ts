import { at, type Instant, type Period } from "@raingauge/domain";

/** Questions are cheap, and so are rows; a batch of stragglers must not ask for all that lies between them, nor one by one. */
const SPANS_MAX = 16;

/** A few periods that hold all the instants: those with the widest gaps between them. */
export function spansOf(instants: Iterable<Instant>): Period[] {
  const ordered = [...new Set(instants)].toSorted((a, b) => a - b);
  const gaps = ordered
    .slice(1)
    .map((moment, index) => ({ index: index + 1, width: moment - (ordered[index] ?? moment) }));
  const borders = gaps
    .toSorted((a, b) => b.width - a.width)
    .slice(0, SPANS_MAX - 1)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
  return [0, ...borders].flatMap((border, part) => {
    const [first, last] = [ordered[border], ordered[(borders[part] ?? ordered.length) - 1]];
    return first === undefined || last === undefined ? [] : [{ start: first, end: at(last + 1) }];
  });
}
