import type { MeterKind } from "@raingauge/domain";
import { isSecretName } from "@raingauge/runtime";
import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import { entryAt, type Form } from "./entry.ts";
import { type Getter, getter } from "./getter.ts";
import { type Manners, mannersOf } from "./manners.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** One entry of a file of `meters.d`: which notifications say something of a meter, and where in them. */
export interface MeterDefinition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The meter's, or the path by which each message names it. */
  readonly name: string;
  /** Each message names its meters, several of them perhaps. */
  readonly isNamedByMessage: boolean;
  readonly kind: MeterKind;
  readonly unit: string;
  /** As they are written, and what they match: from the first letter on, to anywhere. */
  readonly eventTypes: readonly string[];
  readonly hears: (eventType: string) => boolean;
  readonly get: Readonly<Record<Gettable, Getter | undefined>>;
  readonly lookup: readonly string[];
  readonly metadata: readonly (readonly [name: string, get: Getter])[];
  readonly manners: Manners;
}

/** What may be a path. */
export type Gettable = "name" | "unit" | "volume" | "timestamp" | "user_id" | "project_id" | "resource_id";

const GETTABLE: readonly Gettable[] = ["name", "unit", "volume", "timestamp", "user_id", "project_id", "resource_id"];
/** As Ceilometer has it: what is empty, null or 0 is not given. */
const given = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && value !== 0;
const FORM: Form = {
  of: "a meter's fields",
  keys: [...GETTABLE, "type", "event_type", "lookup", "metadata", "user_metadata", "raingauge"],
  required: ["name", "type", "event_type", "unit", "volume", "resource_id"],
  isGiven: given,
};
const KINDS: readonly MeterKind[] = ["gauge", "delta", "cumulative"];

/** The definitions of one file of `meters.d`. What is not understood is told, and its definition left out. */
export function meterDefinitions(document: Located, tell: (problem: Problem) => void): readonly MeterDefinition[] {
  const { value } = document;
  if (!isTable(value) || !Array.isArray(value["metric"])) {
    tell(document.problem(["metric"], "a list of meters is missing"));
    return [];
  }
  for (const stray of Object.keys(value).filter((key) => key !== "metric")) {
    tell(document.problem([stray], "not understood: a file of meters has one list, “metric”"));
  }
  return value["metric"].flatMap((entry, index) => meterDefinition(document, ["metric", index], entry, tell) ?? []);
}

function meterDefinition(
  document: Located,
  place: Place,
  written: unknown,
  tellOutside: (problem: Problem) => void,
): MeterDefinition | undefined {
  const found = entryAt(document, place, written, FORM, tellOutside);
  if (found === undefined) return undefined;
  const { fields: entry, tell, wrong, isSound } = found;
  const lookup = textsOf(entry["lookup"] ?? []);
  if (lookup === undefined) wrong("lookup", "neither a name nor a list of names");
  for (const name of lookup ?? []) {
    if (!GETTABLE.some((each) => each === name)) {
      wrong("lookup", `“${name}” cannot differ from item to item: ${GETTABLE.join(", ")} can`);
    }
  }
  const kind = KINDS.find((each) => each === entry["type"]);
  if (kind === undefined && given(entry["type"])) wrong("type", `not ${KINDS.join(", ")}`);
  const eventTypes = textsOf(entry["event_type"] ?? []) ?? [];
  if (eventTypes.length === 0 && given(entry["event_type"])) wrong("event_type", "neither a text nor a list of texts");
  const patterns = eventTypes.flatMap((pattern) => {
    try {
      return [new RegExp(`^(?:${pattern})`)];
    } catch {
      wrong("event_type", `not a regular expression that is understood here: ${pattern}`);
      return [];
    }
  });
  const isNamedByMessage = isPath(entry["name"]);
  const get = Object.fromEntries(
    GETTABLE.map((key) => {
      const written = entry[key];
      const isConstant = (key === "name" || key === "unit") && !isPath(written);
      return [key, !given(written) || isConstant ? undefined : getter(document, [...place, key], written, tell)];
    }),
  ) as Record<Gettable, Getter | undefined>;
  const metadata = isTable(entry["metadata"]) ? Object.entries(entry["metadata"]) : [];
  if (given(entry["metadata"]) && !isTable(entry["metadata"])) wrong("metadata", "not a table of names and paths");
  const about = metadata
    .filter(([name, path]) => !isSecretName(name) && !isSecretName(lastOf(path)))
    .map(([name, path]) => [name, getter(document, [...place, "metadata", name], path, tell)] as const);
  if (given(entry["user_metadata"])) getter(document, [...place, "user_metadata"], entry["user_metadata"], tell);
  const manners = mannersOf(document, [...place, "raingauge"], entry["raingauge"], tell);
  if (!isSound() || kind === undefined) return undefined;
  return {
    file: document.file,
    ...document.standing(place),
    name: String(entry["name"]),
    isNamedByMessage,
    kind,
    unit: String(entry["unit"]),
    eventTypes,
    hears: (eventType) => patterns.some((pattern) => pattern.test(eventType)),
    get,
    lookup: lookup ?? [],
    metadata: about,
    manners,
  };
}

/** The field that a path ends in. */
const lastOf = (path: unknown): string => (typeof path === "string" ? (path.split(/[.[\]]+/).at(-1) ?? "") : "");

/** A constant is a word that as a path finds nothing; only what begins with `$` is meant as one. */
const isPath = (written: unknown): boolean =>
  typeof written === "string" ? written.startsWith("$") : isTable(written) || Array.isArray(written);

function textsOf(written: unknown): readonly string[] | undefined {
  const list = Array.isArray(written) ? written : [written];
  return list.every((each) => typeof each === "string") ? list : undefined;
}
