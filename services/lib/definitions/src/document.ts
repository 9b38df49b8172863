import { offsetOf, type Place } from "@raingauge/wire";
import { LineCounter, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";

/** Counted from 1, as editors do. */
export interface Standing {
  readonly line: number;
  readonly column: number;
}

/** A file of definitions as plain values, and where each of them stands. */
export interface Located {
  readonly file: string;
  readonly value: unknown;
  /** Absent, it stands where it should have been. */
  standing(place: Place): Standing;
  problem(place: Place, says: string): Problem;
}

/** Reads YAML as Ceilometer does, which is its version 1.1 with anchors and merges. What is no YAML is a problem. */
export function located(file: string, text: string): Located | Problem {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.1", merge: true, lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Standing => {
    const { line, col: column } = lines.linePos(offset);
    return { line, column };
  };
  const standing = (place: Place): Standing => at(offsetOf(document, place));
  const [broken] = document.errors;
  if (broken !== undefined) {
    return { file, ...at(broken.pos[0]), field: "", says: `not YAML: ${broken.message}` };
  }
  const problem = (place: Place, says: string): Problem => ({ file, ...standing(place), field: fieldOf(place), says });
  try {
    return { file, value: document.toJS({ maxAliasCount: ALIASES_MAX }), standing, problem };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { file, line: 1, column: 1, field: "", says: error.message };
  }
}

/** Ceilometer's own files repeat a block some thirty times; a file that unfolds into a million is none of its. */
const ALIASES_MAX = 1_000;

const fieldOf = (place: Place): string =>
  place.reduce<string>((field, step) => {
    if (typeof step === "number") return `${field}[${step}]`;
    return field === "" ? step : `${field}.${step}`;
  }, "");
