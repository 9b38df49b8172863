import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { isSame } from "../operation/value.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { type Attribute, attribute } from "./attribute.ts";
import { METADATA_KEYS, type Metadatum, metadataOf } from "./metadata.ts";
import { QUESTION_KEYS, type Question, questionOf } from "./question.ts";
import { VALUE_KEYS, type ValueRule, valueRule } from "./value-rule.ts";

/** One more question for each entry, whose answer says more of it. */
export interface Extra {
  readonly name: string;
  readonly question: Question;
  readonly value: Attribute;
  readonly rule: ValueRule;
  readonly metadata: readonly Metadatum[];
  /** How long an answer is good for. */
  readonly cacheSeconds: number;
  /** Entries of which nothing more is asked. */
  readonly skips: (entry: unknown) => boolean;
}

/** What the path of a further question may be made of. */
const EXTRA_NAMES = ["sample", "extra_metadata_captured", "extra_metadata_by_name"];

const KEYS = [
  ...["name", "value", "value_attribute", "sample_type", "unit"],
  ...["extra_metadata_fields_cache_seconds", "extra_metadata_fields_skip"],
  ...QUESTION_KEYS,
  ...METADATA_KEYS,
  ...VALUE_KEYS,
];

type Written = Readonly<Record<string, unknown>>;

export function extrasOf(
  document: Located,
  place: Place,
  parent: Written,
  tell: (problem: Problem) => void,
): readonly Extra[] {
  const written = parent["extra_metadata_fields"] ?? [];
  const isOne = isTable(written);
  const all: readonly unknown[] = Array.isArray(written) ? written : [written];
  return all.flatMap((each, index) => {
    const here = [...place, "extra_metadata_fields", ...(isOne ? [] : [index])];
    if (isTable(each)) return extraOf(document, here, each, parent, tell) ?? [];
    tell(document.problem(here, "not a table"));
    return [];
  });
}

function extraOf(
  document: Located,
  place: Place,
  written: Written,
  parent: Written,
  tell: (problem: Problem) => void,
): Extra | undefined {
  for (const key of Object.keys(written).filter((each) => !KEYS.includes(each))) {
    tell(document.problem([...place, key], `not understood: ${KEYS.join(", ")} are`));
  }
  const { name } = written;
  if (typeof name !== "string" || name === "") tell(document.problem([...place, "name"], "missing"));
  const key = written["value_attribute"] === undefined ? "value" : "value_attribute";
  const question = questionOf(document, place, written, EXTRA_NAMES, tell);
  const value = attribute(document, [...place, key], written[key] ?? parent["value_attribute"], tell);
  const skips = written["extra_metadata_fields_skip"] ?? parent["extra_metadata_fields_skip"] ?? [];
  if (!Array.isArray(skips) || !skips.every(isTable)) {
    tell(document.problem([...place, "extra_metadata_fields_skip"], "not a list of tables"));
  }
  if (question === undefined) return undefined;
  return {
    name: String(name),
    question,
    value,
    rule: valueRule(document, place, written, tell),
    metadata: metadataOf(document, place, written, tell),
    cacheSeconds: cacheOf(document, place, written, parent, tell),
    skips: (entry) => Array.isArray(skips) && skips.some((each) => Object.keys(each).length > 0 && isLike(each, entry)),
  };
}

const CACHE_SECONDS = 3_600;

function cacheOf(
  document: Located,
  place: Place,
  written: Written,
  parent: Written,
  tell: (problem: Problem) => void,
): number {
  const key = "extra_metadata_fields_cache_seconds";
  const seconds = written[key] ?? parent[key] ?? CACHE_SECONDS;
  if (typeof seconds === "number" && seconds >= 0) return seconds;
  tell(document.problem([...place, key], "not a number of seconds"));
  return 0;
}

/** Whether all that is written stands in the entry just so, however deep. */
function isLike(written: unknown, entry: unknown): boolean {
  if (!isTable(written) || !isTable(entry)) return isSame(written, entry);
  return Object.entries(written).every(([key, each]) => Object.hasOwn(entry, key) && isLike(each, entry[key]));
}
