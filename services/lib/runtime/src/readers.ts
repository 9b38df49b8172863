import { isAbsolute } from "node:path";
import { validate } from "node-cron";
import { authorityProblem, contentOf } from "./authority.ts";
import { PREFIX, type Reader } from "./config.ts";
import { unreadable } from "./unreadable.ts";

/** Without a fallback a setting must be given, or its reader be wrapped in `optional`. */
interface Fallback<T> {
  readonly fallback?: T;
}

/** Undefined where none of the reader's variables is set. */
export const optional = <T>({ names, read }: Reader<T>): Reader<T | undefined> => ({
  names,
  read: (look, problem) => (names.some((name) => look(name) !== undefined) ? read(look, problem) : undefined),
});

export const text = (name: string, { fallback }: Fallback<string> = {}): Reader<string> =>
  reader(name, fallback, "some text", "", (written) => written);

interface Bounds extends Fallback<number> {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number within its bounds. */
export const count = (
  name: string,
  { fallback, min = 1, max = Number.MAX_SAFE_INTEGER }: Bounds = {},
): Reader<number> =>
  reader(name, fallback, `a whole number from ${min} to ${max}`, 0, (written) => {
    const value = /^\d+$/.test(written) ? Number(written) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });

const UNIT_SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time in whole seconds, written `90`, `90s`, `15m`, `2h` or `1d`. */
export const seconds = (name: string, { fallback, min = 1, max = 366 * 86_400 }: Bounds = {}): Reader<number> =>
  reader(name, fallback, `a time such as 90s, 15m or 2h, from ${written(min)} to ${written(max)}`, 0, (length) => {
    const [, digits, unit] = /^(\d+) *([smhd]?)$/.exec(length) ?? [];
    const value = digits === undefined ? Number.NaN : Number(digits) * (UNIT_SECONDS[unit ?? ""] ?? 1);
    return value >= min && value <= max ? value : undefined;
  });

/** In the largest unit of which it is a whole number. */
function written(length: number): string {
  const [unit, size] = Object.entries(UNIT_SECONDS).findLast(([, each]) => length % each === 0) ?? ["s", 1];
  return `${length / size}${unit}`;
}

export const flag = (name: string, { fallback }: Fallback<boolean> = {}): Reader<boolean> =>
  reader(name, fallback, "true or false", false, (written) => {
    if (["true", "yes", "on", "1"].includes(written.toLowerCase())) return true;
    return ["false", "no", "off", "0"].includes(written.toLowerCase()) ? false : undefined;
  });

/** A file or folder; absolute, because a service's working folder is nobody's choice. */
export const path = (name: string, { fallback }: Fallback<string> = {}): Reader<string> =>
  reader(name, fallback, "an absolute path", "", (written) => (isAbsolute(written) ? written : undefined));

/** What is wrong in a file, and where. */
interface FileProblem {
  readonly line: number;
  readonly path?: string;
  readonly says: string;
}

/** What is in the file that a setting names, or `fallback` where none is named. What is wrong in it is said by line, with all else. */
export const file = <T, F>(
  name: string,
  parse: (content: string) => { readonly value: T; readonly problems: readonly FileProblem[] },
  fallback: F,
): Reader<T | F> => ({
  names: [name],
  read(look, problem) {
    const named = look(name);
    if (named === undefined) return fallback;
    const content = contentOf(named);
    if (content instanceof Error) {
      problem(`${PREFIX + name} cannot be read: ${unreadable(named, content)}`);
      return fallback;
    }
    const { value, problems } = parse(content);
    for (const { line, path = "", says } of problems)
      problem(`${PREFIX + name}, line ${line}: ${path === "" ? "" : `${path}: `}${says}`);
    return value;
  },
});

/** A file that is read only later, and again where it may have changed; that it can be read is known before anything starts. */
export const readable = (name: string): Reader<string> =>
  without(path(name), (named) => {
    const content = contentOf(named);
    return content instanceof Error ? unreadable(named, content) : undefined;
  });

/** A file with the certificate of an authority, where the system does not know it. */
export const authority = (name: string): Reader<string> => without(path(name), authorityProblem);

/** The same file, unless it has such a problem. */
const without = (reader: Reader<string>, problemOf: (named: string) => string | undefined): Reader<string> => ({
  names: reader.names,
  read(look, problem) {
    const named = reader.read(look, problem);
    const wrong = named === "" ? undefined : problemOf(named);
    if (wrong !== undefined) problem(`${PREFIX + reader.names[0]} cannot be used: ${wrong}`);
    return named;
  },
});

export const choice = <const C extends string>(
  name: string,
  choices: readonly [C, ...C[]],
  { fallback }: Fallback<NoInfer<C>> = {},
): Reader<C> =>
  reader(name, fallback, `one of ${choices.join(", ")}`, choices[0], (written) =>
    choices.find((each) => each === written),
  );

/** Several words, separated by commas or blanks. */
export const list = (name: string, { fallback }: Fallback<readonly string[]> = {}): Reader<readonly string[]> =>
  reader<readonly string[]>(name, fallback, "one or more words, separated by commas", [], (written) => {
    const words = written.split(/[\s,]+/).filter((word) => word !== "");
    return words.length > 0 ? words : undefined;
  });

/** When something is done, in cron's five fields (or six, with seconds before them). */
export const cron = (name: string, { fallback }: Fallback<string> = {}): Reader<string> =>
  reader(name, fallback, "a cron expression such as */5 * * * *", "* * * * *", (written) =>
    validate(written) ? written : undefined,
  );

/** A reader of one variable. Where it names a problem it returns `filler`, which is never used. */
const reader = <T>(
  name: string,
  fallback: T | undefined,
  wanted: string,
  filler: T,
  parse: (written: string) => T | undefined,
): Reader<T> => ({
  names: [name],
  read(look, problem) {
    const written = look(name);
    if (written === undefined && fallback !== undefined) return fallback;
    if (written === undefined) problem(`${PREFIX + name} must be set: ${wanted}`);
    const value = written === undefined ? undefined : parse(written);
    if (written !== undefined && value === undefined) {
      problem(`${PREFIX + name} must be ${wanted}, not ${JSON.stringify(written)}`);
    }
    return value ?? filler;
  },
});
