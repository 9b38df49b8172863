import { EVERYTHING, type Instant, type Period, rate } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { lintPriceBook, type Remark } from "@raingauge/wire";
import { unpricedObstacles } from "./checks.ts";
import { monthBefore, monthMs, monthName, monthOf } from "./months.ts";

export interface LintTerms {
  readonly zone: string;
  readonly now: Instant;
  /** With the usage of how many months the book is compared, this one and those before it. */
  readonly months: number;
}

/** What can be said of a book's file by itself, and, where it can be published, what it would leave without a price. */
export async function lint(
  store: Pick<SampleStore, "measure">,
  text: string,
  { zone, now, months }: LintTerms,
): Promise<readonly Remark[]> {
  const { book, remarks } = lintPriceBook(text);
  if (book === undefined) return remarks;
  const found: Remark[] = [];
  for (const period of lastMonths(months, now, zone)) {
    const usages = await store.measure({ period }, EVERYTHING);
    const { unpriced } = rate(usages, book, monthMs(period, zone));
    found.push(...unpricedObstacles(unpriced).map(({ says }) => inMonth(says, period, zone)));
  }
  return [...remarks, ...found];
}

const inMonth = (says: string, period: Period, zone: string): Remark => ({
  line: 1,
  path: "",
  says: `${says}, in ${monthName(period, zone)}`,
  severity: "warning",
});

function lastMonths(count: number, now: Instant, zone: string): Period[] {
  const months: Period[] = [];
  for (let month = monthOf(now, zone); months.length < count; month = monthBefore(month, zone)) months.push(month);
  return months;
}
