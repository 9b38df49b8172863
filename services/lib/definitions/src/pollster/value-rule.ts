import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { isRational } from "../exact.ts";
import { digits } from "../operation/number.ts";
import { isSame } from "../operation/value.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";

/** Which values count, and as what. */
export interface ValueRule {
  readonly skips: (value: unknown) => boolean;
  readonly mapped: (value: unknown) => unknown;
}

export const VALUE_KEYS = ["skip_sample_values", "value_mapping", "default_value"];

export function valueRule(
  document: Located,
  place: Place,
  written: Readonly<Record<string, unknown>>,
  tell: (problem: Problem) => void,
): ValueRule {
  const { skip_sample_values: skipped = [], value_mapping: mapping = {}, default_value: otherwise = -1 } = written;
  if (skipped !== null && !Array.isArray(skipped)) {
    tell(document.problem([...place, "skip_sample_values"], "not a list of values"));
  }
  if (mapping !== null && !isTable(mapping)) {
    tell(document.problem([...place, "value_mapping"], "not a table of values and what they count as"));
  }
  const skips: readonly unknown[] = Array.isArray(skipped) ? skipped : [];
  const known = isTable(mapping) ? new Map(Object.entries(mapping)) : new Map<string, unknown>();
  return {
    skips: (value) => skips.some((each) => isSame(each, value)),
    mapped: (value) => (known.size === 0 ? value : known.has(keyOf(value)) ? known.get(keyOf(value)) : otherwise),
  };
}

const keyOf = (value: unknown): string => (isRational(value) ? digits(value) : String(value));
