import { EVERYTHING, type Instant, type Period, type Usage } from "@raingauge/domain";
import { type Draft, type IssuedInvoice, type Ledger, LedgerConflict } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { type BillingTerms, type Drafted, draftInvoices } from "./draft.ts";

export interface ClosingSources {
  readonly store: Pick<SampleStore, "measure" | "watermark">;
  readonly ledger: Pick<Ledger, "bookAt" | "issue" | "invoices">;
}

export interface ClosingTerms extends BillingTerms {
  /** Issue although something was used that no price names. That usage is then given away, so somebody has to say so. */
  readonly allowUnpriced: boolean;
}

/** What closing did for one project. Closing again turns `issued` into `already issued` and changes nothing else. */
export type Closed =
  | { readonly project: string; readonly outcome: "issued" | "already issued"; readonly invoice: IssuedInvoice }
  | { readonly project: string; readonly outcome: "held"; readonly reasons: readonly string[] }
  | { readonly project: string; readonly outcome: "nothing to charge" };

/** A month is closed when it is over, not before: what is still to come would be missing from its invoices. */
export class PeriodOpen extends Error {
  override readonly name = "PeriodOpen";
}

/**
 * Issues the invoice of every project with usage in the period, in the order of their names, so that a number tells nothing
 * but its turn. Safe to run twice, and by two raters at once: the ledger issues a project's period once.
 * Throws PeriodOpen, or PriceBookMissing when nothing could price the period at all.
 */
export async function closePeriod(sources: ClosingSources, terms: ClosingTerms, now: Instant): Promise<Closed[]> {
  if (terms.period.end > now) throw new PeriodOpen("the period is not over yet");
  const issued = await issuedIn(sources.ledger, terms.period);
  const drafts = await draftInvoices(sources, terms);
  const closed: Closed[] = [];
  for (const drafted of drafts) closed.push(await closeProject(sources.ledger, drafted, issued, terms.allowUnpriced));
  return closed;
}

/** By project; for exactly this period: a part of it that was billed by itself is no invoice for the whole. */
export async function issuedIn(
  ledger: Pick<Ledger, "invoices">,
  period: Period,
): Promise<ReadonlyMap<string, IssuedInvoice>> {
  const invoices = await ledger.invoices({ period }, EVERYTHING);
  const exact = invoices.filter(
    ({ invoice }) => invoice.period.start === period.start && invoice.period.end === period.end,
  );
  return new Map(exact.map((issued) => [issued.invoice.project, issued]));
}

async function closeProject(
  ledger: Pick<Ledger, "issue">,
  { project, draft, unpriced }: Drafted,
  issued: ReadonlyMap<string, IssuedInvoice>,
  allowUnpriced: boolean,
): Promise<Closed> {
  const known = issued.get(project);
  if (known !== undefined) return { project, outcome: "already issued", invoice: known };
  if (unpriced.length > 0 && !allowUnpriced) return { project, outcome: "held", reasons: unpricedReasons(unpriced) };
  if (draft.invoice.total === 0n) return { project, outcome: "nothing to charge" };
  return issueProject(ledger, project, draft);
}

/** A project whose time was billed already under another period is held, and the others are not. */
async function issueProject(ledger: Pick<Ledger, "issue">, project: string, draft: Draft): Promise<Closed> {
  try {
    return { project, outcome: "issued", invoice: await ledger.issue(draft) };
  } catch (error) {
    if (error instanceof LedgerConflict) return { project, outcome: "held", reasons: [error.message] };
    throw error;
  }
}

/** One sentence for each meter and set of dimensions that no price matches: what to add to the price book. */
export function unpricedReasons(unpriced: readonly Usage[]): string[] {
  const byKind = Map.groupBy(unpriced, ({ meter, dimensions }) => [meter, ...named(dimensions)].join(" "));
  return [...byKind.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, usages]) => `no price for ${kind} (${resources(usages)})`);
}

const named = (dimensions: Readonly<Record<string, string>>): string[] =>
  Object.entries(dimensions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);

function resources(usages: readonly Usage[]): string {
  const ids = [...new Set(usages.map(({ resource }) => resource))];
  const shown = ids.slice(0, 3).join(", ");
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}
