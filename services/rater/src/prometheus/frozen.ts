import {
  compare,
  EVERYTHING,
  type IssuedInvoice,
  type Period,
  permits,
  plus,
  type Rational,
  type Scope,
  type Usage,
  ZERO,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { billsByProject } from "../bill.ts";
import { pinnedCalendar } from "../calendar.ts";
import { draft } from "../draft.ts";
import type { ProjectCost } from "../drafts.ts";
import { billAgain } from "../pinned.ts";

export interface FrozenParts {
  readonly ledger: Pick<Ledger, "invoices" | "usages" | "accountByDigest" | "bookByDigest">;
}

/**
 * What each project of a month that was closed cost by itself, from the usages that were frozen then: whatever comes later is
 * in another document. Of a month that was not closed, nothing.
 */
export async function frozenCosts(parts: FrozenParts, month: Period, scope: Scope): Promise<ProjectCost[]> {
  const issued = await issuedFor(parts, month);
  const mine = issued.filter(({ invoice }) => invoice.projects.some(({ id }) => permits(scope, id)));
  return (await Promise.all(mine.map((each) => costsOf(parts, each, scope)))).flat();
}

/** The month's invoices that were not taken back whole; an account of another zone has another month, and is told live. */
async function issuedFor({ ledger }: FrozenParts, month: Period): Promise<IssuedInvoice[]> {
  const documents = await ledger.invoices({ period: month }, EVERYTHING);
  const taken = new Set(
    documents.flatMap(({ invoice }) => (invoice.corrects?.entirely === true ? [invoice.corrects.number] : [])),
  );
  return documents.filter(
    ({ number, invoice: { kind, period } }) =>
      kind === "invoice" && !taken.has(number) && period.start === month.start && period.end === month.end,
  );
}

async function costsOf({ ledger }: FrozenParts, issued: IssuedInvoice, scope: Scope): Promise<ProjectCost[]> {
  const { pins, number, invoice } = issued;
  const [bill, published, usages] = await Promise.all([
    billAgain(ledger, issued),
    ledger.bookByDigest(pins.bookDigests[0] ?? ""),
    ledger.usages(number, undefined, EVERYTHING),
  ]);
  if (bill === undefined || published === undefined) return [];
  const byProject = Map.groupBy(usages, ({ project }) => project);
  return billsByProject(bill).flatMap((each) => {
    const project = each.projects[0]?.id ?? "";
    const own: readonly Usage[] = byProject.get(project) ?? [];
    if (!permits(scope, project) || own.length === 0) return [];
    const { monthMs, watermark } = pins;
    const calendar = pinnedCalendar(invoice.zone, pins.days ?? {});
    return [
      { ...draft(each, own, { published, watermark, monthMs, tzVersion: invoice.tzVersion, calendar }), project },
    ];
  });
}

/** The projects whose usage is another now than when their month was closed. */
export function late(frozen: readonly ProjectCost[], live: readonly ProjectCost[]): string[] {
  const now = new Map(live.map((each) => [billKey(each), costOf(each)]));
  return frozen
    .filter((each) => compare(costOf(each), now.get(billKey(each)) ?? ZERO) !== 0)
    .map(({ project }) => project)
    .toSorted();
}

/** A project that changed its account within a month has a cost under each. */
export const billKey = ({ account, project }: ProjectCost): string => JSON.stringify([account, project]);

const costOf = ({ draft: { invoice } }: ProjectCost): Rational =>
  invoice.lines.reduce((total, { cost }) => plus(total, cost), ZERO);
