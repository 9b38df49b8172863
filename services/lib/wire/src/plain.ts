import { CoverageDocument } from "./coverage.ts";
import type { Document } from "./document.ts";
import { VERSION } from "./version.ts";

/**
 * Whether a message is what nearly all are, readings without events, and as the schema wants it. Thousands come in a second,
 * and the schema would copy each of them; what is not plain is read by the schema, which also says what is wrong with it.
 */
export function isPlain(said: unknown): said is Document {
  if (typeof said !== "object" || said === null || Object.keys(said).length !== FIELDS) return false;
  const { v, words, dimensions, incarnations, subjects, tellings, at, samples, ids, events, coverage } =
    said as Partial<Record<keyof Document, unknown>>; // Each is looked at below.
  return (
    v === VERSION &&
    Number.isSafeInteger(at) &&
    typeof ids === "string" &&
    Array.isArray(samples) &&
    isNothing(events) &&
    isList(words, isText) &&
    isList(dimensions, isIndices) &&
    isList(incarnations, isIncarnation) &&
    isList(subjects, isSubject) &&
    isList(tellings, isTelling) &&
    isList(coverage, isCoverage)
  );
}

const FIELDS = 11;

function isList(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const entry of value) if (!isEntry(entry)) return false;
  return true;
}

const isNothing = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const isText = (value: unknown): boolean => typeof value === "string";

const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isIndices = (value: unknown): boolean => isList(value, isIndex);

const isIncarnation = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 4 &&
  isIndex(value[0]) &&
  isIndex(value[1]) &&
  Number.isSafeInteger(value[2]) &&
  typeof value[3] === "boolean";

const isSubject = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 7 &&
  isIndex(value[0]) &&
  isIndex(value[1]) &&
  isIndex(value[2]) &&
  isIndex(value[3]) &&
  ORIGINS.has(value[4]) &&
  STANCES.has(value[5]) &&
  isIndex(value[6]);

const isTelling = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 3 &&
  isIndex(value[0]) &&
  Number.isSafeInteger(value[1]) &&
  (value[2] === -1 || isIndex(value[2]));

const isCoverage = (value: unknown): boolean => CoverageDocument.safeParse(value).success;

const ORIGINS: ReadonlySet<unknown> = new Set(["notification", "api", "poll"]);
const STANCES: ReadonlySet<unknown> = new Set(["states", "sights", "ends", "vanishes"]);
