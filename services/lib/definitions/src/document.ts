import { offsetOf, type Place } from "@raingauge/wire";
import { LineCounter, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";

/** A file of definitions as plain values, and where each of them stands. */
export interface Located {
  readonly file: string;
  readonly value: unknown;
  /** Absent, it stands where it should have been. */
  lineOf(place: Place): number;
  problem(place: Place, says: string): Problem;
}

/** Reads YAML as Ceilometer does, which is its version 1.1 with anchors and merges. What is no YAML is a problem. */
export function located(file: string, text: string): Located | Problem {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.1", merge: true, lineCounter: lines, prettyErrors: false });
  const lineOf = (place: Place): number => lines.linePos(offsetOf(document, place)).line;
  const [broken] = document.errors;
  if (broken !== undefined) {
    return { file, line: lines.linePos(broken.pos[0]).line, field: "", says: `not YAML: ${broken.message}` };
  }
  const problem = (place: Place, says: string): Problem => ({ file, line: lineOf(place), field: fieldOf(place), says });
  try {
    return { file, value: document.toJS({ maxAliasCount: ALIASES_MAX }), lineOf, problem };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { file, line: 1, field: "", says: error.message };
  }
}

/** Ceilometer's own files repeat a block some thirty times; a file that unfolds into a million is none of its. */
const ALIASES_MAX = 1_000;

const fieldOf = (place: Place): string =>
  place.reduce<string>((field, step) => {
    if (typeof step === "number") return `${field}[${step}]`;
    return field === "" ? step : `${field}.${step}`;
  }, "");
