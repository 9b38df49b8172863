import { RE2JS } from "re2js";
import { QueryError } from "./query-error.ts";

export interface Matcher {
  readonly label: string;
  readonly op: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

export type Test = (value: string) => boolean;

/** A label that a series has not is an empty one. */
export function testOf({ op, value }: Matcher): Test {
  switch (op) {
    case "=":
      return (given) => given === value;
    case "!=":
      return (given) => given !== value;
    case "=~":
      return pattern(value);
    case "!~": {
      const matches = pattern(value);
      return (given) => !matches(given);
    }
  }
}

/** Whoever asks writes the pattern, so its time must be linear in the text: RE2, anchored, where a dot matches a line's end. */
export function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    throw new QueryError("bad_data", `invalid regular expression ${JSON.stringify(source)}: ${reasonOf(error)}`);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const PLAIN_LIST = /^\(?([\w\- /:@,]+(?:\|[\w\- /:@,]+)*)\)?$/;

/** A list of plain words, which is what a dashboard's variables become, needs no engine. */
function pattern(source: string): Test {
  const words = PLAIN_LIST.exec(source)?.[1];
  if (words !== undefined && source.startsWith("(") === source.endsWith(")")) {
    const among = new Set(words.split("|"));
    return (given) => among.has(given);
  }
  const regex = compiled(source);
  const known = new Map<string, boolean>();
  return (given) => {
    const answer = known.get(given) ?? regex.matches(given);
    known.set(given, answer);
    return answer;
  };
}

/** Whether labels satisfy all of some matchers. */
export function matching(matchers: readonly Matcher[]): (labels: ReadonlyMap<string, string>) => boolean {
  const tests = matchers.map((matcher) => [matcher.label, testOf(matcher)] as const);
  return (labels) => tests.every(([label, test]) => test(labels.get(label) ?? ""));
}
