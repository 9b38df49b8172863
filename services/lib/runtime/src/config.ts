/** Every variable of ours begins with this; what begins with it and is not known is taken for a typing error. */
export const PREFIX = "RAINGAUGE_";

export type Environment = Readonly<Record<string, string | undefined>>;

/** How one setting is read. `names` are the variables that it looks at, without the prefix. */
export interface Reader<T> {
  readonly names: readonly string[];
  /** Returns anything after a call of `problem`: the value is then never used. */
  read(look: (name: string) => string | undefined, problem: (text: string) => void): T;
}

export type Readers = Readonly<Record<string, Reader<unknown>>>;
export type Settings<R extends Readers> = { readonly [K in keyof R]: R[K] extends Reader<infer T> ? T : never };

/** All that is wrong with a configuration at once, so that an operator mends it in one pass. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length} problem(s):\n  ${problems.join("\n  ")}`);
    this.problems = problems;
  }
}

/**
 * Reads every setting from `RAINGAUGE_<NAME>`; an empty variable counts as one that is not set. `elsewhere` names variables
 * (without the prefix) that other processes on the same environment read, so that they are not taken for typing errors.
 */
export function readConfig<const R extends Readers>(
  env: Environment,
  readers: R,
  elsewhere: readonly string[] = [],
): Settings<R> {
  const problems: string[] = [];
  const problem = (text: string): number => problems.push(text);
  const look = (name: string): string | undefined => env[PREFIX + name]?.trim() || undefined;
  const settings = Object.entries(readers).map(([key, reader]) => [key, reader.read(look, problem)] as const);
  const known = [...ALWAYS, ...elsewhere, ...Object.values(readers).flatMap(({ names }) => names)];
  problems.push(
    ...unknownOnes(
      env,
      known.map((name) => PREFIX + name),
    ),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return settingsOf<R>(settings);
}

/** Read by `run` itself, before there is a configuration. */
const ALWAYS = ["LOG_LEVEL"];

/** The one cast: every reader has put its own type of value under its own key. */
const settingsOf = <R extends Readers>(entries: readonly (readonly [string, unknown])[]): Settings<R> =>
  Object.fromEntries(entries) as Settings<R>;

const unknownOnes = (env: Environment, known: readonly string[]): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => `${name} is not a setting${suggestion(name, known)}`);

function suggestion(name: string, known: readonly string[]): string {
  const nearest = known
    .map((other) => ({ other, distance: distance(name, other) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= 4 ? `; did you mean ${nearest.other}?` : "";
}

/** How many letters must be added, dropped or changed to make `a` into `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
