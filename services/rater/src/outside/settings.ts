import { readFileSync } from "node:fs";
import { type Reader, text } from "@raingauge/runtime";
import { type Rules, readRules } from "./rules.ts";

/** The file of rules for series from outside. What is wrong with it is said by line, and keeps the process from starting. */
const rulesReader: Reader<Rules> = {
  names: ["OUTSIDE_RULES"],
  read(look, problem) {
    const file = look("OUTSIDE_RULES");
    if (file === undefined) return NO_RULES;
    const text = textOf(file);
    if (text === undefined) {
      problem("OUTSIDE_RULES names a file that cannot be read");
      return NO_RULES;
    }
    const read = readRules(text);
    for (const { line, says } of read.problems) problem(`OUTSIDE_RULES, line ${line}: ${says}`);
    return read;
  },
};

/** How readings from outside are taken. */
export interface Outside {
  /** Of what does not say its region. */
  readonly region: string;
  readonly rules: Rules;
}

export const OUTSIDE_READERS = {
  region: text("REGION", { fallback: "RegionOne" }),
  outsideRules: rulesReader,
} as const;

const NO_RULES: Rules = { rules: [], problems: [] };

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** As it is where nobody says anything. */
export const UNTOLD: Outside = { region: "RegionOne", rules: NO_RULES };
