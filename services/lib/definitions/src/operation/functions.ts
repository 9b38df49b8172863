import { minus, plus, rational } from "@raingauge/domain";
import { isRational } from "../exact.ts";
import { parsedJson } from "../json.ts";
import { digits, isNumber, numberOf, rounded, shown, whole, wholeOf } from "./number.ts";
import { OperationError, type Value } from "./syntax.ts";
import { bounded, type Callable, isList, isSame, isTable, isTrue, itemsOf, ordered, textOf } from "./value.ts";

type Given = readonly Value[];

/** What an operation may call: Python's own functions as far as they only compute. */
export const FUNCTIONS: Readonly<Record<string, (given: Given) => Value>> = {
  str: ([value = ""]) => asText(value),
  int: ([value]) => {
    const { numerator, denominator } = numberOf(value);
    if (typeof value === "string" && denominator !== 1n) throw new OperationError(`${shown(value)} is no whole number`);
    return rational(numerator / denominator);
  },
  float: ([value]) => numberOf(value),
  bool: ([value]) => isTrue(value),
  len: ([value]) => whole(itemsOf(value).length),
  abs: ([value]) => (numberOf(value).numerator < 0n ? minus(rational(0n), numberOf(value)) : numberOf(value)),
  round: ([value, decimals = 0]) => rounded(numberOf(value), Math.min(Math.max(wholeOf(decimals), 0), 30)),
  sum: ([list, from = 0]) => itemsOf(list).reduce((total, each) => plus(numberOf(total), numberOf(each)), from),
  min: (given) => extreme(given, -1),
  max: (given) => extreme(given, 1),
  any: ([list]) => itemsOf(list).some(isTrue),
  all: ([list]) => itemsOf(list).every(isTrue),
  list: ([value = []]) => [...itemsOf(value)],
  tuple: ([value = []]) => [...itemsOf(value)],
  set: ([value = []]) => unlike(itemsOf(value)),
  dict: ([value = {}]) => {
    if (isTable(value)) return { ...value };
    return Object.fromEntries(itemsOf(value).map((pair) => [asText(itemsOf(pair)[0]), itemsOf(pair)[1]]));
  },
  iter: ([value]) => [...itemsOf(value)],
  next: ([list, otherwise]) => {
    const [first] = itemsOf(list);
    if (first !== undefined) return first;
    if (otherwise === undefined) throw new OperationError("there is no next one", true);
    return otherwise;
  },
  sorted: ([list]) => itemsOf(list).toSorted(ordered),
  reversed: ([list]) => itemsOf(list).toReversed(),
  enumerate: ([list]) => itemsOf(list).map((each, index) => [whole(index), each]),
  zip: (lists) => {
    const all = lists.map(itemsOf);
    const length = Math.min(...all.map((each) => each.length), ITEMS_MAX);
    return all.length === 0 ? [] : Array.from({ length }, (_, index) => all.map((each) => each[index]));
  },
  range: (given) => {
    const [from, to] = given.length > 1 ? given.map(wholeOf) : [0, wholeOf(given[0])];
    const length = Math.max((to ?? 0) - (from ?? 0), 0);
    if (length > ITEMS_MAX) throw new OperationError(`more than ${ITEMS_MAX} items`);
    return Array.from({ length }, (_, index) => whole((from ?? 0) + index));
  },
  filter: ([keeps, list]) => itemsOf(list).filter((each) => isTrue(keeps === null ? each : callable(keeps)(each))),
  map: ([makes, ...lists]) => {
    const [first = [], ...more] = lists.map(itemsOf);
    return first.map((each, index) => callable(makes)(each, ...more.map((list) => list[index])));
  },
  reduce: ([joins, list, ...from]) => {
    const items = [...from, ...itemsOf(list)];
    if (items.length === 0) throw new OperationError("nothing to reduce", true);
    return items.reduce((one, other) => callable(joins)(one, other));
  },
  "json.loads": ([value]) => {
    try {
      return parsedJson(textOf(value));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new OperationError(`${shown(value)} is no JSON`);
    }
  },
  "json.dumps": ([value]) => bounded(written(value)),
};

const ITEMS_MAX = 10_000;

function extreme(given: Given, sign: 1 | -1): Value {
  const items = given.length === 1 ? itemsOf(given[0]) : given;
  if (items.length === 0) throw new OperationError("nothing to compare", true);
  return items.reduce((best, each) => (ordered(each, best) * sign > 0 ? each : best));
}

function unlike(items: readonly Value[]): Value[] {
  const found: Value[] = [];
  for (const each of items) if (!found.some((other) => isSame(each, other))) found.push(each);
  return found;
}

function callable(value: Value): Callable {
  if (typeof value === "function") return value as Callable;
  throw new OperationError(`${shown(value)} cannot be called`);
}

/** As Python prints it; a list or a table as JSON. */
export function asText(value: Value): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return isNumber(value) ? digits(numberOf(value)) : bounded(written(value));
}

const written = (value: Value): string => {
  if (isList(value)) return `[${value.map(written).join(", ")}]`;
  if (isRational(value)) return digits(value);
  if (isTable(value)) {
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}: ${written(each)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value) ?? "null";
};
