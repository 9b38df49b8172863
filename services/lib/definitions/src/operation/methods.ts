import { asText } from "./functions.ts";
import { shown, whole, wholeOf } from "./number.ts";
import { OperationError, type Value } from "./syntax.ts";
import { bounded, isList, isSame, isTable, itemsOf, type Table, textOf } from "./value.ts";

type Given = readonly Value[];

/** What a text, a list or a table may be asked, as Python has it. */
export const METHODS: Readonly<Record<string, (of: Value, given: Given) => Value>> = {
  split: (of, [by, max]) => split(textOf(of), by, max),
  rsplit: (of, [by, max]) => {
    const parts = split(textOf(of), by, undefined);
    const most = max === undefined ? -1 : wholeOf(max);
    if (most < 0 || parts.length <= most + 1) return parts;
    const cut = parts.length - most;
    return [parts.slice(0, cut).join(by === undefined || by === null ? " " : textOf(by)), ...parts.slice(cut)];
  },
  splitlines: (of) =>
    textOf(of)
      .split(/\r?\n/)
      .filter((line, at, all) => line !== "" || at < all.length - 1),
  strip: (of, [signs]) => stripped(textOf(of), signs, true, true),
  lstrip: (of, [signs]) => stripped(textOf(of), signs, true, false),
  rstrip: (of, [signs]) => stripped(textOf(of), signs, false, true),
  lower: (of) => textOf(of).toLowerCase(),
  upper: (of) => textOf(of).toUpperCase(),
  capitalize: (of) => textOf(of).slice(0, 1).toUpperCase() + textOf(of).slice(1).toLowerCase(),
  title: (of) =>
    textOf(of)
      .toLowerCase()
      .replaceAll(/(^|[^\p{L}])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  replace: (of, [from, to]) => {
    const parts = from === "" ? [textOf(of)] : textOf(of).split(textOf(from));
    if (textOf(of).length + (parts.length - 1) * textOf(to).length > 1_000_000) bounded(" ".repeat(1_000_001));
    return bounded(parts.join(textOf(to)));
  },
  startswith: (of, [what]) => oneOf(what).some((each) => textOf(of).startsWith(textOf(each))),
  endswith: (of, [what]) => oneOf(what).some((each) => textOf(of).endsWith(textOf(each))),
  join: (of, [list]) => joined(textOf(of), itemsOf(list).map(textOf)),
  find: (of, [what]) => whole(textOf(of).indexOf(textOf(what))),
  zfill: (of, [width]) => textOf(of).padStart(Math.min(wholeOf(width), 1_000), "0"),
  isdigit: (of) => /^\d+$/.test(textOf(of)),
  partition: (of, [by]) => {
    const at = textOf(of).indexOf(textOf(by));
    return at < 0 ? [of, "", ""] : [textOf(of).slice(0, at), by, textOf(of).slice(at + textOf(by).length)];
  },
  count: (of, [what]) =>
    whole(isList(of) ? of.filter((each) => isSame(each, what)).length : textOf(of).split(textOf(what)).length - 1),
  index: (of, [what]) => {
    const at = isList(of) ? of.findIndex((each) => isSame(each, what)) : textOf(of).indexOf(textOf(what));
    if (at < 0) throw new OperationError(`${shown(what)} is not in it`, true);
    return whole(at);
  },
  get: (of, [key, otherwise = null]) => {
    const table = tableOf(of);
    return Object.hasOwn(table, asText(key)) ? table[asText(key)] : otherwise;
  },
  keys: (of) => Object.keys(tableOf(of)),
  values: (of) => Object.values(tableOf(of)),
  items: (of) => Object.entries(tableOf(of)),
};

function tableOf(value: Value): Table {
  if (isTable(value)) return value;
  throw new OperationError(`${shown(value)} is no table`);
}

const oneOf = (what: Value): readonly Value[] => (isList(what) ? what : [what]);

/** Without a separator at blanks, however many. */
function split(text: string, by: Value | undefined, max: Value | undefined): string[] {
  if (by === undefined || by === null) return text.split(/\s+/).filter((part) => part !== "");
  if (by === "") throw new OperationError("an empty separator");
  const parts = text.split(textOf(by));
  const most = max === undefined ? -1 : wholeOf(max);
  return most < 0 || parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(textOf(by))];
}

function stripped(text: string, signs: Value | undefined, before: boolean, after: boolean): string {
  const isCut = (sign: string): boolean =>
    signs === undefined || signs === null ? /\s/.test(sign) : textOf(signs).includes(sign);
  let [from, to] = [0, text.length];
  while (before && from < to && isCut(text.charAt(from))) from += 1;
  while (after && to > from && isCut(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function joined(by: string, parts: readonly string[]): string {
  const length = parts.reduce((sum, part) => sum + part.length + by.length, 0);
  return bounded(length > 1_000_000 ? " ".repeat(1_000_001) : parts.join(by));
}
