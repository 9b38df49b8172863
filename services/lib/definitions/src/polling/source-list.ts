import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";

/** A table of a list, and where it stands. */
export interface Entry {
  readonly said: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

/** The tables of one list of a file. What is no table is told. */
export function tablesOf(document: Located, place: Place, written: unknown, tell: (problem: Problem) => void): Entry[] {
  if (!Array.isArray(written)) {
    tell(document.problem(place, "not a list"));
    return [];
  }
  return written.flatMap((said, index) => {
    if (isTable(said)) return [{ said, place: [...place, index] }];
    tell(document.problem([...place, index], "not a table"));
    return [];
  });
}

export function known(
  document: Located,
  { said, place }: Entry,
  keys: readonly string[],
  tell: (problem: Problem) => void,
): void {
  for (const key of Object.keys(said).filter((each) => !keys.includes(each))) {
    tell(document.problem([...place, key], `not understood: ${keys.join(", ")} are`));
  }
}

export function nameOf(document: Located, { said, place }: Entry, tell: (problem: Problem) => void): string {
  const { name } = said;
  if (typeof name === "string" && name !== "") return name;
  tell(document.problem([...place, "name"], "missing"));
  return "";
}

/** Names with wildcards, or exclusions: never both, as Ceilometer has it. */
export function patternsOf(
  document: Located,
  place: Place,
  written: unknown,
  tell: (problem: Problem) => void,
): readonly string[] {
  if (
    !Array.isArray(written) ||
    written.length === 0 ||
    !written.every((each) => typeof each === "string" && each !== "")
  ) {
    tell(document.problem(place, "not a list of names"));
    return [];
  }
  const names: readonly string[] = written;
  const included = names.filter((each) => !each.startsWith("!") && !each.startsWith("*"));
  if (included.length > 0 && names.some((each) => each.startsWith("!"))) {
    tell(document.problem(place, "names and exclusions in one list: say either"));
  } else if (included.length > 0 && names.includes("*")) {
    tell(document.problem(place, "“*” takes all: the other names say nothing"));
  }
  return names;
}
