import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** One entry of a file while it is read: what is told of it makes it unsound, and an unsound one is left out. */
export interface Entry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tell: (problem: Problem) => void;
  /** Tells of one of its fields. */
  readonly wrong: (key: string, says: string) => void;
  readonly isSound: () => boolean;
}

/** What such an entry may and must say. */
export interface Form {
  /** As the sentence about what is none of it ends: “not a table of …”. */
  readonly of: string;
  readonly keys: readonly string[];
  readonly required: readonly string[];
  readonly isGiven: (value: unknown) => boolean;
}

/** An entry with the names of its fields looked at; undefined, and told, where it is no table. */
export function entryAt(
  document: Located,
  place: Place,
  fields: unknown,
  { of, keys, required, isGiven }: Form,
  tellOutside: (problem: Problem) => void,
): Entry | undefined {
  let isSound = true;
  const tell = (problem: Problem): void => {
    isSound = false;
    tellOutside(problem);
  };
  const wrong = (key: string, says: string): void => tell(document.problem([...place, key], says));
  if (!isTable(fields)) {
    tell(document.problem(place, `not a table of ${of}`));
    return undefined;
  }
  for (const key of Object.keys(fields).filter((each) => !keys.includes(each))) {
    wrong(key, `not understood: ${keys.join(", ")} are`);
  }
  for (const key of required.filter((each) => !isGiven(fields[each]))) wrong(key, "missing");
  return { fields, tell, wrong, isSound: () => isSound };
}
