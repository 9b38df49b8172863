import { type Meter, times } from "@raingauge/domain";
import type { Nothing } from "../convert.ts";
import { exact } from "../exact.ts";
import { asText } from "../operation/functions.ts";
import { OperationError } from "../operation/syntax.ts";
import { isTable } from "../table.ts";
import { found } from "./attribute.ts";
import type { Extra } from "./extra.ts";
import { dimensionName, dimensionText, toldOf } from "./metadata.ts";
import type { Identifying, PollsterDefinition } from "./pollster-definition.ts";
import type { Question } from "./question.ts";

/** One thing of which an answer tells. */
export type AnswerEntry = Readonly<Record<string, unknown>>;

/** The entries of an answer, and where it goes on. */
export interface Answered {
  readonly entries: readonly unknown[];
  readonly next: string | undefined;
}

/** Throws OperationError for an answer that is not as the definition says. */
export function answered({ entries, next }: Question, said: unknown): Answered {
  if (said === null || said === undefined || (isTable(said) && Object.keys(said).length === 0)) {
    return { entries: [], next: undefined };
  }
  const link = next === undefined ? undefined : found(next, said);
  return { entries: listOf(entries, said), next: typeof link === "string" && link !== "" ? link : undefined };
}

function listOf(entries: Question["entries"], said: unknown): readonly unknown[] {
  if (Array.isArray(said)) return said;
  const first = isTable(said) ? Object.values(said)[0] : said;
  const list = entries === undefined ? first : entries(said);
  return Array.isArray(list) ? list : [list];
}

/** An entry with whose it is under the names that all have. */
export function identified({ identity }: PollsterDefinition, entry: AnswerEntry): AnswerEntry {
  const known: Record<string, unknown> = { ...entry };
  for (const [field, get] of Object.entries(identity)) {
    if (get === undefined) continue;
    const value = attempted(() => found(get, known));
    known[field] = value instanceof OperationError ? undefined : value;
  }
  return known;
}

/** What is known of an entry from further questions; undefined where one of them came to nothing. */
export type Further = Readonly<Record<string, unknown>>;

/** What an answer says of one meter of the operator's own. */
export interface PolledReading {
  readonly meter: Meter;
  readonly value: bigint;
  readonly resource: string;
  /** Absent for what belongs to no project. */
  readonly project?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether all that was to be known of it is: what is not may have other dimensions than it seems. */
  readonly isWhole: boolean;
}

/**
 * What a pollster makes of one entry, or why nothing. Pure; throws nothing that an answer can cause. `further` is undefined
 * where a further question was not answered: the reading then says that the resource is there, and not what it is.
 */
export function polledOf(
  definition: PollsterDefinition,
  meterNamed: (name: string) => Meter | undefined,
  entry: AnswerEntry,
  further: Further | undefined,
): readonly (PolledReading | Nothing)[] {
  const { value, parts, rule } = definition;
  const reading = (name: string, told: unknown): PolledReading | Nothing =>
    readingOf(definition, meterNamed, { name, told, entry, further });
  if (parts === undefined) {
    const told = attempted(() => value(entry));
    if (told instanceof OperationError) return [{ nothing: told.message }];
    return rule.skips(told) ? [] : [reading(definition.name, rule.mapped(told))];
  }
  const list = entry[parts.list];
  if (!Array.isArray(list)) return [{ nothing: `“${parts.list}” is no list` }];
  return list.flatMap((item) => {
    const named = isTable(item) ? item[parts.field] : undefined;
    if (typeof named !== "string") return [{ nothing: `an item of “${parts.list}” has no “${parts.field}”` }];
    const told = attempted(() => value(item));
    if (told instanceof OperationError) return [{ nothing: told.message }];
    return rule.skips(told) || rule.skips(named) ? [] : [reading(`${parts.stem}.${named}`, told)];
  });
}

interface Told {
  readonly name: string;
  readonly told: unknown;
  readonly entry: AnswerEntry;
  readonly further: Further | undefined;
}

function readingOf(
  definition: PollsterDefinition,
  meterNamed: (name: string) => Meter | undefined,
  { name, told, entry, further }: Told,
): PolledReading | Nothing {
  const meter = meterNamed(name);
  if (meter === undefined) return { nothing: `${name} is not among the names of this definition` };
  const volume = exact(told);
  if (volume === undefined) return { nothing: "the value is no number, or one that was rounded on its way" };
  const { numerator, denominator } = times(volume, meter.shown.factor);
  if (numerator < 0n) return { nothing: "the value is negative" };
  if (numerator % denominator !== 0n && meter.kind === "delta") {
    return { nothing: `the value is not a whole number of ${meter.unit}; raingauge: {decimals: …} keeps more of it` };
  }
  const resource = idIn(entry, "id");
  if (resource === undefined) return { nothing: "“id” is missing: resource_id_attribute says where it stands" };
  const project = idIn(entry, "project_id");
  const about = { ...further, ...toldOf(definition.metadata, entry) };
  return {
    meter,
    value: numerator / denominator,
    resource,
    ...(project === undefined ? {} : { project }),
    dimensions: Object.fromEntries(
      Object.entries(about).flatMap(([key, each]) => {
        const dimension = dimensionName(key);
        const text = each === null ? "" : dimensionText(each);
        return meter.dimensions.includes(dimension) && text !== "" ? [[dimension, text] as const] : [];
      }),
    ),
    isWhole: further !== undefined,
  };
}

function idIn(entry: AnswerEntry, field: Identifying): string | undefined {
  const value = entry[field];
  if (value === null || value === undefined || value === "" || typeof value === "object") return undefined;
  return asText(value);
}

/** What a further answer says: the value under the question's name, and what is taken of it besides. */
export function furtherOf(extra: Extra, said: unknown): Further {
  const [entry] = answered(extra.question, said).entries;
  if (entry === undefined) return {};
  const value = extra.value(entry);
  if (extra.rule.skips(value)) return {};
  return { [extra.name]: extra.rule.mapped(value), ...toldOf(extra.metadata, entry) };
}

function attempted(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}
