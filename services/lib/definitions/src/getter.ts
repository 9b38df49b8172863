import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import { type Found, find } from "./path/find.ts";
import { PathError, parsePath } from "./path/parse.ts";
import { type Plugin, pluginOf } from "./plugin.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** How a value is taken out of a message: a constant, or paths and perhaps a plugin. All that was found, nulls left out. */
export type Getter = (message: unknown) => readonly unknown[];

/**
 * `$.payload.size`, a list of such, `{fields: …, plugin: …}`, or a number that stands for itself. Problems are told; the
 * getter then finds nothing.
 */
export function getter(document: Located, place: Place, written: unknown, tell: (problem: Problem) => void): Getter {
  if (!isTable(written)) return fields(document, place, written, undefined, tell);
  for (const stray of Object.keys(written).filter((key) => !KEYS.includes(key))) {
    tell(document.problem([...place, stray], `not understood here: only ${KEYS.join(", ")} are`));
  }
  if (written["fields"] === undefined) {
    tell(document.problem(place, "“fields” is missing: the path or paths to take the value from"));
    return () => [];
  }
  const plugin =
    written["plugin"] === undefined ? undefined : pluginOf(document, [...place, "plugin"], written["plugin"], tell);
  return fields(document, [...place, "fields"], written["fields"], plugin, tell);
}

/** A trait's `type` stands beside them. */
const KEYS = ["fields", "plugin", "type"];

function fields(
  document: Located,
  place: Place,
  written: unknown,
  plugin: Plugin | undefined,
  tell: (problem: Problem) => void,
): Getter {
  if (typeof written === "number") return () => [written];
  const paths = Array.isArray(written) ? written : [written];
  if (paths.length === 0 || !paths.every((path) => typeof path === "string")) {
    tell(document.problem(place, "neither a path, nor a list of paths, nor a number"));
    return () => [];
  }
  const expressions = paths.flatMap((path, index) => {
    try {
      return [parsePath(path)];
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      tell(document.problem(Array.isArray(written) ? [...place, index] : place, error.message));
      return [];
    }
  });
  const found = (message: unknown): readonly Found[] =>
    expressions.flatMap((each) => find(each, message)).filter(({ value }) => value !== null && value !== undefined);
  if (plugin === undefined) return (message) => found(message).map(({ value }) => value);
  return (message) => plugin(found(message));
}
