import { arithmetic } from "@raingauge/documents";
import { EVERYTHING, type Instant, type InvoiceLine, type IssuedInvoice, saidOf, type Usage } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { canonical } from "@raingauge/wire";
import { dueAgain, frozenUsages, type Pinned, type PinnedSources, pinnedOf } from "./redraft.ts";

/** Why a correction's line is what it is: what was billed for the same thing before, and what is due by what became known since. */
export interface Change {
  /** What every document before it billed for the same thing, in the order of their issue. */
  readonly billed: readonly Billed[];
  /** How what is due comes about; absent where nothing is due any more. */
  readonly due?: string;
  /** Up to when what was stored is behind the documents before it: what was stored later is news. */
  readonly since: Instant;
  /** The usages that the newest of them rested on, and of these those of which nothing is left. */
  readonly before: readonly Usage[];
  readonly gone: readonly Usage[];
}

export interface Billed {
  readonly number: string;
  readonly position: number;
  readonly amount: bigint;
  readonly arithmetic: string;
}

export async function changeOf(ledger: ChangeLedger, issued: IssuedInvoice, line: InvoiceLine): Promise<Change> {
  const pinned = await pinnedOf(ledger, issued);
  const said = saidOf(line, pinned.family);
  const newest = said.at(-1);
  const before = newest === undefined ? [] : await ledger.usages(newest.said.number, newest.line.position, EVERYTHING);
  const now = await ledger.usages(issued.number, line.position, EVERYTHING);
  const due = await dueLine(ledger, issued, pinned, line);
  return {
    billed: said.map(({ said: { number, invoice }, line: billed }) => ({
      number,
      position: billed.position,
      amount: billed.amount,
      arithmetic: arithmetic(billed, invoice),
    })),
    ...(due === undefined ? {} : { due: arithmetic(due, issued.invoice) }),
    since: (pinned.family.at(-1) ?? issued).pins.watermark,
    before,
    gone: before.filter((usage) => !now.some((each) => isSameUse(each, usage))),
  };
}

type ChangeLedger = PinnedSources["ledger"] & Pick<Ledger, "usages">;

/** The line as it should have been billed, worked out again from what the correction froze. */
async function dueLine(
  ledger: ChangeLedger,
  issued: IssuedInvoice,
  pinned: Pinned,
  { sku, project, resource, of }: InvoiceLine,
): Promise<InvoiceLine | undefined> {
  if (issued.invoice.corrects?.entirely === true) return undefined;
  const frozen = await frozenUsages(ledger, issued);
  const due = dueAgain(issued, pinned, [...frozen.values()].flat());
  return due?.draft.invoice.lines.find(
    (each) => each.sku === sku && each.project === project && each.resource === resource && each.kind === of,
  );
}

/** Of the same thing in the same shape, whatever it came to. */
export const isSameUse = (a: Usage, b: Usage): boolean => useKey(a) === useKey(b);

const useKey = ({ region, project, meter, resource, dimensions, period }: Usage): string =>
  canonical([region, project, meter, resource, dimensions, period.start, period.end]);
