import { file, type Reader, text } from "@raingauge/runtime";
import { type Rules, readRules } from "./rules.ts";

const NO_RULES: Rules = { rules: [], problems: [] };

/** The file of rules for series from outside. */
const rulesReader: Reader<Rules> = file(
  "OUTSIDE_RULES",
  (content) => {
    const read = readRules(content);
    return { value: read, problems: read.problems };
  },
  NO_RULES,
);

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

/** As it is where nobody says anything. */
export const UNTOLD: Outside = { region: "RegionOne", rules: NO_RULES };
