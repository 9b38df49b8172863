import {
  creditRemarks,
  EVERYTHING,
  type Instant,
  type Period,
  type PriceBook,
  rate,
  versionAt,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { lintPriceBook, type Remark } from "@raingauge/wire";
import { unpricedObstacles } from "./checks.ts";
import { monthBefore, monthMs, monthName, monthOf } from "./months.ts";
import { saysOf } from "./obstacle.ts";

export interface LintTerms {
  readonly zone: string;
  readonly now: Instant;
  /** With the usage of how many months the book is compared, this one and those before it. */
  readonly months: number;
}

/** What can be said of a book's file by itself, and, where it can be published, what it would leave without a price. */
export async function lint(
  { store, ledger }: LintSources,
  text: string,
  { zone, now, months }: LintTerms,
): Promise<readonly Remark[]> {
  const { book, remarks } = lintPriceBook(text);
  if (book === undefined) return remarks;
  const found: Remark[] = [];
  for (const period of lastMonths(months, now, zone)) {
    const usages = await store.measure({ period }, EVERYTHING);
    const { unpriced } = rate(usages, book, monthMs(period, zone));
    found.push(...unpricedObstacles(unpriced).map((each) => inMonth(saysOf(each), period, zone)));
  }
  return [...remarks, ...found, ...(await undrawable(ledger, book, now))];
}

export interface LintSources {
  readonly store: Pick<SampleStore, "measure">;
  readonly ledger: Pick<Ledger, "accounts" | "credits">;
}

/** Credits with something left that name articles which the book would not have. */
async function undrawable(ledger: LintSources["ledger"], book: PriceBook, now: Instant): Promise<Remark[]> {
  const versions = Map.groupBy(await ledger.accounts(EVERYTHING), ({ account }) => account.id);
  const granted = await ledger.credits({}, EVERYTHING);
  return granted
    .filter(({ left, credit: { until } }) => left > 0n && (until === undefined || until > now))
    .flatMap(({ credit: { id, account: name, skus = [] } }) => {
      const mine = versions.get(name) ?? [];
      const account = (versionAt(mine, now) ?? mine[0])?.account;
      if (account?.book !== book.name) return [];
      return creditRemarks({ skus }, account, book).map((says) => remark(`credit ${id} of account ${name}: ${says}`));
    });
}

const inMonth = (says: string, period: Period, zone: string): Remark =>
  remark(`${says}, in ${monthName(period, zone)}`);

const remark = (says: string): Remark => ({ line: 1, path: "", says, severity: "warning" });

function lastMonths(count: number, now: Instant, zone: string): Period[] {
  const months: Period[] = [];
  for (let month = monthOf(now, zone); months.length < count; month = monthBefore(month, zone)) months.push(month);
  return months;
}
