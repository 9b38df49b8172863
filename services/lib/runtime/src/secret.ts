import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { PREFIX, type Reader } from "./config.ts";
import { unreadable } from "./unreadable.ts";

/** Something that must not be printed. However it is turned into text, it says `[secret]`; only `reveal` tells. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

export const HIDDEN = "[secret]";

/** A secret from `NAME`, or from the file that `NAME_FILE` names, as container platforms hand them over. */
export const secretFile = (name: string): Reader<Secret> => ({
  names: [name, fileOf(name)],
  read(look, problem) {
    const written = valueOrFile(name, look, problem);
    if (written === undefined && look(fileOf(name)) === undefined) problem(unset(name, "a secret"));
    return new Secret(written ?? "");
  },
});

export interface UrlOptions {
  /** What it may begin with, e.g. `nats:` */
  readonly schemes?: readonly string[];
  /** What else keeps a URL from being good, each to be read after the setting's name and without anything secret in it. */
  readonly problems?: (url: URL) => readonly string[];
  readonly fallback?: string;
}

/**
 * A URL, from `NAME` or from the file that `NAME_FILE` names, since it may carry a password: it is never shown in a
 * problem, and a log masks it.
 */
export const url = (name: string, options: UrlOptions = {}): Reader<URL> => ({
  names: [name, fileOf(name)],
  read: (look, problem) => urlsIn(name, options, look, problem, (written) => [written])[0] ?? NO_URL(),
});

/** Several URLs, separated by commas: the members of a cluster. */
export const urls = (name: string, options: UrlOptions = {}): Reader<readonly URL[]> => ({
  names: [name, fileOf(name)],
  read: (look, problem) => urlsIn(name, options, look, problem, (written) => written.split(",")),
});

function urlsIn(
  name: string,
  { schemes, problems = () => [], fallback }: UrlOptions,
  look: Look,
  problem: Problem,
  parts: (written: string) => readonly string[],
): URL[] {
  const wanted = schemes === undefined ? "a URL" : `a URL that begins with ${schemes.join(" or ")}`;
  const written = valueOrFile(name, look, problem) ?? fallback;
  if (written === undefined) {
    if (look(fileOf(name)) === undefined) problem(unset(name, wanted));
    return [];
  }
  const parsed = parts(written).map((part) => (URL.canParse(part.trim()) ? new URL(part.trim()) : NO_URL()));
  const fits = ({ protocol }: URL): boolean => protocol !== "invalid:" && (schemes?.includes(protocol) ?? true);
  if (!parsed.every(fits)) problem(`${PREFIX + name} must be ${wanted}`);
  const wrong = parsed.filter(fits).flatMap(problems);
  if (wrong.length > 0) problem(`${PREFIX + name} ${wrong.join(", and ")}`);
  return parsed;
}

type Look = (name: string) => string | undefined;
type Problem = (text: string) => void;

/** Stands where a problem was named; never used. */
const NO_URL = (): URL => new URL("invalid:");

const fileOf = (name: string): string => `${name}_FILE`;

const unset = (name: string, wanted: string): string =>
  `${PREFIX + name} (or ${PREFIX + name}_FILE) must be set: ${wanted}`;

function valueOrFile(name: string, look: Look, problem: Problem): string | undefined {
  const value = look(name);
  const file = look(`${name}_FILE`);
  if (value !== undefined && file !== undefined) problem(`${PREFIX + name} and ${PREFIX + name}_FILE are both set`);
  if (value !== undefined || file === undefined) return value;
  try {
    const content = readFileSync(file, "utf8").trim();
    if (content === "") problem(`${PREFIX + name}_FILE names an empty file`);
    return content === "" ? undefined : content;
  } catch (error) {
    problem(`${PREFIX + name}_FILE cannot be read: ${unreadable(file, error)}`);
    return undefined;
  }
}
