import type { Place } from "@raingauge/wire";
import type { Located } from "./document.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/**
 * What Raingauge has to know of a meter before the first message comes and Ceilometer never asked; under the key
 * `raingauge`, which Ceilometer passes over.
 */
export interface Manners {
  readonly resourceType: string | undefined;
  /** A gauge's longest silence still read as "nothing changed". */
  readonly silenceSeconds: number | undefined;
  /** How many decimals of its readings are kept. */
  readonly decimals: number;
  readonly isPriceable: boolean;
  /** It says that a resource is there: it holds from the first message until one of these event types. */
  readonly endsOn: readonly string[];
  /** Where messages name the meters: those that there may be, and the unit of each. */
  readonly names: Readonly<Record<string, string>>;
  /** Which of its metadata a price may ask for; all where nothing is said. */
  readonly dimensions: readonly string[] | undefined;
}

const KEYS = ["resource_type", "silence_seconds", "decimals", "priceable", "ends_on", "names", "dimensions"];

export function mannersOf(
  document: Located,
  place: Place,
  written: unknown,
  tell: (problem: Problem) => void,
): Manners {
  const wrong = (key: string, says: string): void => tell(document.problem([...place, key], says));
  if (written !== undefined && written !== null && !isTable(written)) tell(document.problem(place, "not a table"));
  const said = isTable(written) ? written : {};
  for (const key of Object.keys(said).filter((each) => !KEYS.includes(each))) {
    wrong(key, `not understood: ${KEYS.join(", ")} are`);
  }
  const { resource_type: type, silence_seconds: silence, decimals = 0, priceable = true } = said;
  const { ends_on: ends = [], names = {}, dimensions } = said;
  if (type !== undefined && (typeof type !== "string" || !WORD.test(type))) {
    wrong("resource_type", "not a word of letters, digits and _");
  }
  if (silence !== undefined && !isWhole(silence, 1, 366 * 86_400)) wrong("silence_seconds", "not 1 to 31622400");
  if (!isWhole(decimals, 0, 9)) wrong("decimals", "not a whole number from 0 to 9");
  if (typeof priceable !== "boolean") wrong("priceable", "neither true nor false");
  const endsOn = Array.isArray(ends) ? ends : [ends];
  if (!endsOn.every((each) => typeof each === "string")) wrong("ends_on", "neither an event type nor a list of them");
  const units = isTexts(names) ? Object.fromEntries(names.map((name) => [name, ""])) : names;
  if (!isTable(units) || !Object.values(units).every((unit) => typeof unit === "string")) {
    wrong("names", "not a table of names of meters and their units");
  }
  if (dimensions !== undefined && !isTexts(dimensions)) wrong("dimensions", "not a list of names");
  return {
    resourceType: typeof type === "string" ? type : undefined,
    silenceSeconds: typeof silence === "number" ? silence : undefined,
    decimals: typeof decimals === "number" ? decimals : 0,
    isPriceable: priceable !== false,
    endsOn: endsOn.filter((each) => typeof each === "string"),
    names: isTable(units) ? (units as Readonly<Record<string, string>>) : {},
    dimensions: isTexts(dimensions) ? dimensions : undefined,
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

const WORD = /^[A-Za-z]\w{0,62}$/;

const isWhole = (value: unknown, min: number, max: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
