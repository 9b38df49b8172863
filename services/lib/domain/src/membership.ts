import type { Account, Membership } from "./account.ts";
import { at, type Instant, type Period } from "./instant.ts";

/** To which domain a project belongs from an instant on. */
export interface Placement {
  readonly project: string;
  readonly domain: string;
  readonly since: Instant;
}

/** For how much of a period a project's usage is an account's. */
export interface Share {
  readonly project: string;
  readonly account: string;
  readonly period: Period;
}

/** Two accounts claim a project for the same time, each as directly as the other. */
export interface Dispute {
  readonly project: string;
  readonly accounts: readonly string[];
  readonly period: Period;
}

export interface Shares {
  readonly shares: readonly Share[];
  readonly disputes: readonly Dispute[];
}

type Claimant = Pick<Account, "id" | "members">;

/**
 * Who pays for a project, stretch by stretch of a period: who names the project itself before who names its domain. What
 * nobody claims is missing here: such a project is billed on an account of its own. `placements` in the order of their
 * recording; of two from one instant the later word counts. Pure.
 */
export function sharesOf(
  project: string,
  accounts: readonly Claimant[],
  placements: readonly Placement[],
  period: Period,
): Shares {
  const mine = placements.filter((each) => each.project === project);
  const stretches = cut(period, [...edges(accounts), ...mine.map(({ since }) => since)]);
  const shares: Share[] = [];
  const disputes: Dispute[] = [];
  for (const stretch of stretches) {
    const claimants = claimantsOf(project, domainAt(mine, stretch.start), accounts, stretch.start);
    const [account, ...others] = claimants;
    if (account === undefined) continue;
    if (others.length > 0) disputes.push({ project, accounts: claimants, period: stretch });
    else shares.push({ project, account, period: stretch });
  }
  return { shares: joined(shares), disputes };
}

const edges = (accounts: readonly Claimant[]): Instant[] =>
  accounts
    .flatMap(({ members }) => members.flatMap(({ since, until }) => [since, until]))
    .filter((edge) => edge !== undefined);

/** A period in the pieces between the edges that lie in it. */
function cut({ start, end }: Period, at: readonly Instant[]): Period[] {
  const inside = [...new Set(at.filter((edge) => edge > start && edge < end))].toSorted((a, b) => a - b);
  return [start, ...inside].map((from, index) => ({ start: from, end: inside[index] ?? end }));
}

const domainAt = (placements: readonly Placement[], moment: Instant): string | undefined =>
  placements
    .filter(({ since }) => since <= moment)
    .toSorted((a, b) => a.since - b.since)
    .at(-1)?.domain;

function claimantsOf(
  project: string,
  domain: string | undefined,
  accounts: readonly Claimant[],
  moment: Instant,
): string[] {
  const who = (wanted: (member: Membership) => boolean): string[] =>
    accounts
      .filter(({ members }) => members.some((each) => wanted(each) && holdsAt(each, moment)))
      .map(({ id }) => id)
      .toSorted();
  const direct = who(({ kind, id }) => kind === "project" && id === project);
  return direct.length > 0 ? direct : who(({ kind, id }) => kind === "domain" && id === domain);
}

const holdsAt = ({ since, until }: Membership, moment: Instant): boolean =>
  (since === undefined || since <= moment) && (until === undefined || moment < until);

/** Adjoining stretches of one account are one. */
function joined(shares: readonly Share[]): Share[] {
  const whole: Share[] = [];
  for (const share of shares) {
    const last = whole.at(-1);
    if (last?.account === share.account && last.period.end === share.period.start)
      whole[whole.length - 1] = { ...last, period: { start: last.period.start, end: share.period.end } };
    else whole.push(share);
  }
  return whole;
}

/** What of a period is in none of the parts, which do not overlap. */
export function remainder(period: Period, parts: readonly Period[]): Period[] {
  const rest: Period[] = [];
  let from: Instant = period.start;
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    if (start > from) rest.push({ start: from, end: start });
    from = at(Math.max(from, end));
  }
  return from < period.end ? [...rest, { start: from, end: period.end }] : rest;
}
