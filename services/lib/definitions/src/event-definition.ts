import type { Rational } from "@raingauge/domain";
import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import { exact } from "./exact.ts";
import { type Getter, getter } from "./getter.ts";
import { selecting } from "./glob.ts";
import type { Message } from "./message.ts";
import { plainText } from "./plain-text.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** One entry of `event_definitions.yaml`: what is kept of notifications of some types. */
export interface EventDefinition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly eventTypes: readonly string[];
  readonly hears: (eventType: string) => boolean;
  readonly traits: readonly Trait[];
}

export interface Trait {
  readonly name: string;
  readonly type: TraitType;
  readonly get: Getter;
}

type TraitType = "text" | "int" | "float" | "datetime";
const TYPES: readonly TraitType[] = ["text", "int", "float", "datetime"];

/** The definitions of a file in its order; the last that hears a notification is the one that counts. */
export function eventDefinitions(document: Located, tell: (problem: Problem) => void): readonly EventDefinition[] {
  const { value } = document;
  if (!Array.isArray(value)) {
    tell(document.problem([], "not a list of event definitions"));
    return [];
  }
  return value.flatMap((entry, index) => eventDefinition(document, [index], entry, tell) ?? []);
}

function eventDefinition(
  document: Located,
  place: Place,
  entry: unknown,
  tell: (problem: Problem) => void,
): EventDefinition | undefined {
  if (!isTable(entry)) {
    tell(document.problem(place, "not a table with “event_type” and “traits”"));
    return undefined;
  }
  for (const key of Object.keys(entry).filter((each) => each !== "event_type" && each !== "traits")) {
    tell(document.problem([...place, key], "not understood: event_type and traits are"));
  }
  const written = entry["event_type"];
  const types = Array.isArray(written) ? written : [written];
  if (types.length === 0 || !types.every((each) => typeof each === "string" && each !== "")) {
    tell(document.problem([...place, "event_type"], "neither an event type nor a list of them"));
    return undefined;
  }
  const traits = entry["traits"];
  if (!isTable(traits)) {
    tell(document.problem([...place, "traits"], "missing: a table of traits; {} for none"));
    return undefined;
  }
  return {
    file: document.file,
    ...document.standing(place),
    eventTypes: types,
    hears: selecting(types),
    traits: Object.entries(traits).map(([name, trait]) =>
      traitOf(document, [...place, "traits", name], name, trait, tell),
    ),
  };
}

function traitOf(
  document: Located,
  place: Place,
  name: string,
  written: unknown,
  tell: (problem: Problem) => void,
): Trait {
  const said = isTable(written) ? (written["type"] ?? "text") : "text";
  const type = TYPES.find((each) => each === said);
  if (type === undefined) tell(document.problem([...place, "type"], `not ${TYPES.join(", ")}`));
  return { name, type: type ?? "text", get: getter(document, place, written, tell) };
}

/** What counts of a message, as Ceilometer would have it; what does not fit its type is left out by name. */
export function traitsOf(
  { traits }: EventDefinition,
  message: Message,
): { readonly traits: Readonly<Record<string, string>>; readonly unfit: readonly string[] } {
  const kept: Record<string, string> = {};
  const unfit: string[] = [];
  for (const { name, type, get } of traits) {
    const [value] = get(message);
    if (value === undefined || (type !== "text" && value === "")) continue;
    const converted = convertTrait(type, value);
    if (converted === undefined) unfit.push(name);
    else kept[name] = converted;
  }
  return { traits: kept, unfit };
}

function convertTrait(type: TraitType, value: unknown): string | undefined {
  switch (type) {
    case "text":
      return plainText(value);
    case "int": {
      const number = exact(value);
      return number === undefined ? undefined : String(number.numerator / number.denominator);
    }
    case "float": {
      const number = exact(value);
      return number === undefined ? undefined : digits(number);
    }
    case "datetime":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?/.test(value)
        ? value
        : undefined;
  }
}

const digits = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? String(numerator) : String(Number(numerator) / Number(denominator));
