import type { SampleColumns } from "@raingauge/domain";
import type { SampleTables } from "./document.ts";
import { CELLS_PER_SAMPLE } from "./tables.ts";

/** Which row is of what: all of a message's columns but instants, values, identities and who told it. */
export type Shape = Pick<
  SampleColumns,
  "count" | "subjects" | "meters" | "incarnations" | "subject" | "meter" | "incarnation"
>;

/** How many rows the shapes come to that are kept, twice over: some 90 bytes each, and besides what the store knows of them. */
const ROWS_KEPT = 500_000;

/**
 * Agents say the same of the same machines, poll after poll: only instants and values are others. So the shape of a message is kept,
 * and one with an equal shape shares its columns: nothing of them is made anew, and whoever worked something out for a shape, such as
 * which series its rows belong to, finds it again by the column `subject`. What was not seen for a while is forgotten.
 */
export class Shapes {
  #recent = new Map<string, Kept>();
  #before = new Map<string, Kept>();
  #rows = 0;

  /** The shape that such tables have, `make` it where it is not known. */
  of(tables: SampleTables, make: () => Shape): Shape {
    const key = keyOf(tables);
    const recent = this.#recent.get(key);
    const known = recent ?? this.#before.get(key);
    const kept = known !== undefined && isOf(known, tables) ? known : { shape: make(), tables: withoutRows(tables) };
    if (kept !== recent) this.#keep(key, kept);
    return kept.shape;
  }

  #keep(key: string, kept: Kept): void {
    if (this.#rows > ROWS_KEPT) {
      this.#before = this.#recent;
      this.#recent = new Map();
      this.#rows = 0;
    }
    this.#recent.set(key, kept);
    this.#rows += kept.shape.count;
  }
}

interface Kept {
  readonly shape: Shape;
  readonly tables: Pick<SampleTables, "words" | "dimensions" | "incarnations" | "subjects">;
}

const withoutRows = ({ words, dimensions, incarnations, subjects }: SampleTables): Kept["tables"] => ({
  ...{ words, dimensions, incarnations, subjects },
});

/** Where to look for an equal one: whose readings come first, of what, by whom, and how many there are. */
function keyOf({ words, subjects, samples }: SampleTables): string {
  const [first] = subjects;
  return `${samples.length} ${words.length} ${words[first?.[1] ?? -1]} ${words[first?.[2] ?? -1]} ${words[first?.[3] ?? -1]}`;
}

function isOf({ shape, tables: before }: Kept, tables: SampleTables): boolean {
  return (
    areAlike(before.subjects, tables.subjects) &&
    areAlike(before.incarnations, tables.incarnations) &&
    areAlike(before.dimensions, tables.dimensions) &&
    haveRowsAlike(shape, tables.samples) &&
    saysTheSame(shape, before, tables.words)
  );
}

type Cells = readonly (number | string | boolean)[];

function areAlike(some: readonly Cells[], others: readonly Cells[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) {
    const [one, other] = [some[index] ?? [], others[index] ?? []];
    if (one.length !== other.length) return false;
    for (let cell = 0; cell < one.length; cell += 1) if (one[cell] !== other[cell]) return false;
  }
  return true;
}

function haveRowsAlike({ count, subject, meter, incarnation }: Shape, cells: readonly unknown[]): boolean {
  if (cells.length !== count * CELLS_PER_SAMPLE) return false;
  for (let row = 0, cell = 0; row < count; row += 1, cell += CELLS_PER_SAMPLE) {
    if (cells[cell] !== subject[row] || cells[cell + 1] !== meter[row] || cells[cell + 4] !== incarnation[row])
      return false;
  }
  return true;
}

/** Words that are named by nothing but a telling may be others: each message has a name of its own. */
function saysTheSame(
  { meter }: Shape,
  { words, subjects, dimensions, incarnations }: Kept["tables"],
  now: readonly string[],
) {
  const isSame = (word: number): boolean => words[word] === now[word];
  for (const [region, project, resource, source] of subjects)
    if (!isSame(region) || !isSame(project) || !isSame(resource) || !isSame(source)) return false;
  for (const [host, device] of incarnations) if (!isSame(host) || !isSame(device)) return false;
  for (const cells of dimensions) for (const word of cells) if (!isSame(word)) return false;
  for (const word of meter) if (!isSame(word)) return false;
  return true;
}
