import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Instant, instant } from "@raingauge/domain";

/** One sample of Ceilometer 19's, as `test/captures` keeps it. */
export interface Theirs {
  readonly name: string;
  readonly unit: string;
  readonly volume: number;
  readonly project_id: string | null;
  readonly resource_id: string;
  readonly timestamp: string;
}

const lines = (name: string): Theirs[] =>
  gunzipSync(readFileSync(new URL(`../../captures/ceilometer/${name}.jsonl.gz`, import.meta.url)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Theirs);

/** What it made of the recorded notifications; its agent hears Nova's old format alone. */
export const heardByThem = (): Theirs[] => lines("samples.notifications");

/** What its agents made of four rounds of polling, and of the notifications that came meanwhile. */
export const polledByThem = (): Theirs[] => lines("samples.polling");

/** Their timestamps are the envelopes', to the microsecond. */
export const microsecondsOf = ({ timestamp }: Theirs): number => {
  const [second = "", rest = ""] = [timestamp.slice(0, 19), timestamp.slice(20)];
  return Date.parse(`${second}Z`) * 1_000 + Number((rest.split("+")[0] ?? "").padEnd(6, "0"));
};

export const instantOf = (theirs: Theirs): Instant => instant(`${theirs.timestamp.slice(0, 23)}Z`);
