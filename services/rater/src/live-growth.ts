import { EVERYTHING, narrowed, type Period, type Placement, type Scope } from "@raingauge/domain";
import type { AccountVersion, Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { type Bill, type BillingTerms, billsByProject, billsOf } from "./bill.ts";
import { both, increase, type Totals, totals } from "./cost-groups.ts";
import { type DraftSources, liveCosts } from "./drafts.ts";
import { growing, metersByResource } from "./growing.ts";
import { type PlainBill, plainOnes } from "./plain-costs.ts";
import { type GrowthAsked, plainGrowth } from "./plain-growth.ts";

export interface GrowthSources extends DraftSources {
  readonly store: DraftSources["store"] & Pick<SampleStore, "totals">;
  readonly ledger: DraftSources["ledger"] & Pick<Ledger, "books">;
}

/**
 * What each part of a month adds to what its projects cost: what the month came to at the part's end, less what it had come to
 * at its beginning. So parts add up to the month, however tiers, caps and allowances fill. Only of projects whose bill must be
 * seen as a whole are drafts made, one at each end. Undefined where there is nobody to bill.
 */
export async function liveGrowth(
  sources: GrowthSources,
  terms: BillingTerms,
  question: GrowthAsked,
): Promise<Totals[] | undefined> {
  const { parts, scope } = question;
  const whole = { start: terms.period.start, end: parts.at(-1)?.end ?? terms.period.start };
  const bills = (await billsOf(sources, { ...terms, period: whole }, scope)).flatMap(billsByProject);
  if (bills.length === 0) return undefined;
  const { plain, others } = await sorted(sources.ledger, bills, whole);
  // A long list of names costs a store more than the few that nobody asked for.
  const plainScope =
    2 * plain.length > bills.length
      ? scope
      : narrowed(
          scope,
          plain.map(({ project }) => project),
        );
  const [grown, drafted] = [
    await plainGrowth(sources.store, plain, { ...question, scope: plainScope }),
    await draftedGrowth(sources, terms, { ...question, scope: narrowed(scope, others) }),
  ];
  return parts.map((_, index) => both(grown[index] ?? NOTHING, drafted[index] ?? NOTHING));
}

const NOTHING: Totals = new Map();

interface Sorted {
  readonly plain: readonly PlainBill[];
  /** The projects of the others. */
  readonly others: readonly string[];
}

async function sorted(ledger: GrowthSources["ledger"], bills: readonly Bill[], whole: Period): Promise<Sorted> {
  const moving = movingProjects(await ledger.accounts(EVERYTHING), await ledger.placements(), whole);
  const isSteady = ({ projects: [first, ...others] }: Bill): boolean =>
    first !== undefined &&
    others.length === 0 &&
    first.period.start === whole.start &&
    first.period.end === whole.end &&
    !moving(first.id);
  const { plain, others } = await plainOnes(ledger, bills.filter(isSteady));
  const unsteady = bills.filter((bill) => !isSteady(bill));
  return { plain, others: [...others, ...unsteady].flatMap(({ projects }) => projects.map(({ id }) => id)) };
}

/** Of whom an account speaks otherwise from some instant inside a period on: whose they are depends on when one looks. */
function movingProjects(
  versions: readonly AccountVersion[],
  placements: readonly Placement[],
  { start, end }: Period,
): (project: string) => boolean {
  const changing = new Set(
    versions.filter(({ validFrom }) => validFrom > start && validFrom < end).map(({ account }) => account.id),
  );
  const members = versions.filter(({ account }) => changing.has(account.id)).flatMap(({ account }) => account.members);
  const named = new Set(members.filter(({ kind }) => kind === "project").map(({ id }) => id));
  const domains = new Set(members.filter(({ kind }) => kind === "domain").map(({ id }) => id));
  const placed = new Set(placements.filter(({ domain }) => domains.has(domain)).map(({ project }) => project));
  return (project) => named.has(project) || placed.has(project);
}

async function draftedGrowth(
  { store, ledger }: GrowthSources,
  terms: BillingTerms,
  { parts, terms: by, naming, asksResources, scope }: GrowthAsked,
): Promise<Totals[]> {
  if (isNobody(scope)) return [];
  const byResource = await metersByResource(ledger, asksResources);
  const asked = {
    store: growing(store, { month: terms.period, ends: parts.map(({ end }) => end), byResource }),
    ledger,
  };
  const found: Totals[] = [];
  let before: Totals = new Map();
  for (const { end } of parts) {
    const period = { start: terms.period.start, end };
    const after = totals(await liveCosts(asked, { ...terms, period }, scope), by, naming);
    found.push(increase(before, after));
    before = after;
  }
  return found;
}

const isNobody = (scope: Scope): boolean => scope.kind === "projects" && scope.projects.size === 0;
