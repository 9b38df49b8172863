import {
  type Account,
  at,
  type BilledProject,
  type Instant,
  overlapMs,
  owesAnyway,
  ownAccount,
  type Period,
  type Placement,
  remainder,
  type Scope,
  type Shares,
  sharesOf,
  versionAt,
} from "@raingauge/domain";
import type { AccountVersion, Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { monthName, monthNamed } from "./months.ts";
import type { Obstacle } from "./obstacle.ts";

export interface BillSources {
  readonly store: Pick<SampleStore, "projects">;
  readonly ledger: Pick<Ledger, "accounts" | "placements" | "bookAt">;
}

/** What is billed, and by what, where no account says otherwise. */
export interface BillingTerms {
  readonly period: Period;
  /** The zone in which the period is a month. */
  readonly zone: string;
  /** The name of the price book. */
  readonly book: string;
  /** Only bills whose own period was over by then: an account's month ends in its own zone. */
  readonly dueBy?: Instant;
  /** Of accounts' own months only what was by then: how they stood. */
  readonly until?: Instant;
}

/** What one account is to be billed for: whose usage, of what time. */
export interface Bill {
  /** Without currency where a project has no account: then it is the book's. */
  readonly account: Account | Omit<Account, "currency">;
  /** Absent where a project has no account. */
  readonly accountDigest?: string;
  readonly period: Period;
  readonly projects: readonly BilledProject[];
  /** Why nobody can say whose usage it is. */
  readonly disputes: readonly Obstacle[];
  /** Its price book has fees or a minimum that it owes though it used nothing. */
  readonly owesAnyway?: boolean;
  /** Only some of its projects are looked at. */
  readonly isPart?: boolean;
}

/**
 * Who is billed for a period, in the order of their names: every account with a project that used something, in the month
 * of its own zone; every account that owes a fee or a minimum whatever it used, where the caller sees everything; and every
 * such project that has no account, for the time that it has none.
 */
export async function billsOf(sources: BillSources, asked: BillingTerms, scope: Scope): Promise<Bill[]> {
  const terms = { ...asked, periodIn: periodsOf(asked) };
  const versions = await inForce(sources.ledger, terms);
  const placements = await sources.ledger.placements();
  const present = await sources.store.projects(
    widest([terms.period, ...versions.map(({ account }) => terms.periodIn(account.zone))]),
    scope,
  );
  const sharing = sharingOf(versions, placements, present);
  const accounts = versions.flatMap((version) => accountBill(version, sharing, terms));
  const using = new Set(accounts.map(({ account }) => account.id));
  const idle = versions.filter(({ account }) => scope.kind === "all" && !using.has(account.id));
  const owing = await owingAnyway(sources.ledger, idle, terms);
  const own = present.flatMap((project) => unclaimed(project, sharing, terms));
  const { dueBy } = terms;
  return [...accounts, ...owing, ...own]
    .filter(({ period }) => dueBy === undefined || period.end <= dueBy)
    .toSorted(byAccount);
}

const byAccount = (a: Bill, b: Bill): number =>
  a.account.id < b.account.id ? -1 : a.account.id > b.account.id ? 1 : 0;

/** The bills of those who used nothing and owe something all the same, as long as they have a member. */
async function owingAnyway(
  ledger: BillSources["ledger"],
  versions: readonly AccountVersion[],
  terms: Terms,
): Promise<Bill[]> {
  const books = new Map<string, ReturnType<typeof ledger.bookAt>>();
  const bills: Bill[] = [];
  for (const version of versions) {
    const { account, digest } = version;
    const period = terms.periodIn(account.zone);
    if (!account.members.some((member) => isMember(member, period))) continue;
    const key = `${period.start} ${account.book}`;
    const book = books.get(key) ?? ledger.bookAt(account.book, period.start);
    books.set(key, book);
    const published = await book;
    if (published !== undefined && owesAnyway(published.book, account.id))
      bills.push({ account, accountDigest: digest, period, projects: [], disputes: [], owesAnyway: true });
  }
  return bills;
}

const isMember = ({ since, until }: Account["members"][number], period: Period): boolean =>
  overlapMs({ start: since ?? period.start, end: until ?? period.end }, period) > 0;

/** Of each account the version in force when its month ends. */
async function inForce(ledger: BillSources["ledger"], terms: Terms): Promise<AccountVersion[]> {
  const versions = await ledger.accounts({ kind: "all" });
  return [...Map.groupBy(versions, ({ account }) => account.id).values()].flatMap((mine) => {
    const end = at(Math.max(...mine.map(({ account }) => terms.periodIn(account.zone).end)) - 1);
    const version = versionAt(mine, end);
    return version === undefined ? [] : [version];
  });
}

interface Terms extends BillingTerms {
  /** An account's own month where the period is a month; otherwise the period as it is. */
  readonly periodIn: (zone: string) => Period;
}

/** Ten thousand accounts live in a few zones, and of each zone the calendar is asked once. */
function periodsOf({ period, zone, until = FOR_EVER }: BillingTerms): Terms["periodIn"] {
  const month = monthName(period, zone);
  const known = new Map<string, Period>();
  return (own) => {
    const found = known.get(own) ?? cut(month === undefined ? period : monthNamed(month, own), until);
    known.set(own, found);
    return found;
  };
}

const cut = ({ start, end }: Period, until: Instant): Period => ({
  start,
  end: at(Math.max(start, Math.min(end, until))),
});

/** Of so many that no call could take each as an argument. */
const widest = (periods: readonly Period[]): Period =>
  periods.reduce(
    (all, { start, end }) => ({ start: at(Math.min(all.start, start)), end: at(Math.max(all.end, end)) }),
    { start: FOR_EVER, end: at(-FOR_EVER) },
  );

const FOR_EVER = at(8_640_000_000_000_000);

/** Whose usage is whose in a period: of each project what is shared and disputed, and of each account what is its. */
interface Sharing {
  readonly ofProject: (project: string) => Shares;
  readonly ofAccount: (account: string) => Shares;
}

/** Worked out once for each period, and of each project against those accounts only that name it or a domain of its. */
function sharingOf(
  versions: readonly AccountVersion[],
  placements: readonly Placement[],
  present: readonly string[],
): (period: Period) => Sharing {
  const claimants = Map.groupBy(
    versions.flatMap(({ account }) => account.members.map((member) => ({ account, key: memberKey(member) }))),
    ({ key }) => key,
  );
  const placed = Map.groupBy(placements, ({ project }) => project);
  const known = new Map<string, Sharing>();
  const sharing = (period: Period): Sharing => {
    const all = new Map(
      present.map((project) => {
        const mine = placed.get(project) ?? [];
        const keys = [
          memberKey({ kind: "project", id: project }),
          ...mine.map(({ domain }) => memberKey({ kind: "domain", id: domain })),
        ];
        const named = new Set(keys.flatMap((key) => (claimants.get(key) ?? []).map(({ account }) => account)));
        return [project, sharesOf(project, [...named], mine, period)];
      }),
    );
    const shares = Map.groupBy(
      [...all.values()].flatMap((each) => each.shares),
      ({ account }) => account,
    );
    const disputes = [...all.values()].flatMap((each) => each.disputes);
    return {
      ofProject: (project) => all.get(project) ?? { shares: [], disputes: [] },
      ofAccount: (account) => ({
        shares: shares.get(account) ?? [],
        disputes: disputes.filter((dispute) => dispute.accounts.includes(account)),
      }),
    };
  };
  return (period) => {
    const key = `${period.start} ${period.end}`;
    const found = known.get(key) ?? sharing(period);
    known.set(key, found);
    return found;
  };
}

const memberKey = ({ kind, id }: Pick<Account["members"][number], "kind" | "id">): string => `${kind} ${id}`;

function accountBill(version: AccountVersion, sharing: (period: Period) => Sharing, terms: Terms): Bill[] {
  const period = terms.periodIn(version.account.zone);
  const { shares, disputes } = sharing(period).ofAccount(version.account.id);
  if (shares.length + disputes.length === 0) return [];
  const projects = shares.map((share) => ({ id: share.project, period: share.period }));
  const told = disputes.map(
    ({ project, accounts: claimants }): Obstacle => ({
      code: "claimed-twice",
      figures: { project, accounts: claimants },
    }),
  );
  return [{ account: version.account, accountDigest: version.digest, period, projects, disputes: told }];
}

/** For the time in which nobody claims it. An account's month may begin earlier or later: only the claims count. */
function unclaimed(project: string, sharing: (period: Period) => Sharing, terms: BillingTerms): Bill[] {
  const { shares, disputes } = sharing(terms.period).ofProject(project);
  const rest = remainder(
    terms.period,
    [...shares, ...disputes].map((each) => each.period),
  );
  return rest.length === 0 ? [] : [ownBill(project, rest, terms)];
}

/** The bill of a project that has no account, for some stretches of the period. */
function ownBill(project: string, parts: readonly Period[], { period, zone, book }: BillingTerms): Bill {
  const { currency: _, ...account } = ownAccount(project, { zone, currency: "", book });
  return { account, period, projects: parts.map((part) => ({ id: project, period: part })), disputes: [] };
}

/** The bill for one of its projects alone. */
export const billsByProject = (bill: Bill): Bill[] =>
  [...Map.groupBy(bill.projects, ({ id }) => id).values()].map((projects) => ({
    ...bill,
    projects,
    isPart: bill.accountDigest !== undefined,
  }));
