/**
 * `well`, and we know it; `wrong`, and readings or bills will miss something; `off`, something that one may live without;
 * `unsure`, because nothing happened that would tell; `skipped`, because nobody said where to look.
 */
export type Verdict = "well" | "wrong" | "off" | "unsure" | "skipped";

/** One thing that was looked at. */
export interface Finding {
  /** Whose it is: `rabbitmq`, `nova`, `ledger`, … */
  readonly part: string;
  readonly verdict: Verdict;
  /** What was found, as a sentence without an end. */
  readonly says: string;
  /** What to do about it, where there is something to do. */
  readonly mend?: string;
}

export const well = (part: string, says: string): Finding => ({ part, verdict: "well", says });
export const wrong = (part: string, says: string, mend: string): Finding => ({ part, verdict: "wrong", says, mend });
export const off = (part: string, says: string, mend: string): Finding => ({ part, verdict: "off", says, mend });
export const unsure = (part: string, says: string, mend: string): Finding => ({ part, verdict: "unsure", says, mend });
export const skipped = (part: string, says: string, mend: string): Finding => ({
  part,
  verdict: "skipped",
  says,
  mend,
});
