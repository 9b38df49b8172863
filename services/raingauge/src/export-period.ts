import { type Instant, instant, type Period } from "@raingauge/domain";
import { periodOf } from "@raingauge/store/parquet";
import { Refused } from "./client.ts";
import { monthOf } from "./commands/store-named.ts";

export interface PeriodOptions {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
}

/** A half-open period, said in one of two ways. */
export function periodToExport({ period, from, to }: PeriodOptions): Period {
  if (period === undefined && from === undefined)
    throw new Refused("say what is to be written: --period 2026-01-05/2026-01-12, or --from 2026-01 --to 2026-03");
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw new Refused("a period is said by --period or by --from and --to, not by both");
  const [first, last] = (period ?? `${from}/${to ?? from}`).split("/") as [string, string?];
  if (period === undefined || last === undefined) return months(monthOf(first), monthOf(last ?? first));
  const said = { start: momentOf(first), end: momentOf(last) };
  if (said.end <= said.start) throw new Refused(`the period ends before it has begun: ${period}`);
  return said;
}

function months(first: string, last: string): Period {
  if (last < first) throw new Refused("the last month is before the first");
  return { start: periodOf(first).start, end: periodOf(last).end };
}

function momentOf(said: string): Instant {
  try {
    return instant(/^\d{4}-\d\d-\d\d$/.test(said) ? `${said}T00:00:00Z` : said);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refused(`neither a day nor an instant of UTC, as 2026-01-05 or 2026-01-05T08:00:00Z: ${said}`);
  }
}
