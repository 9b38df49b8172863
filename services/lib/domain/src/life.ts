import { payable } from "./credit.ts";
import type { Instant } from "./instant.ts";
import type { IssuedHead } from "./issued.ts";

/** What happened to a document after issue: added beside it, so that the document itself never changes. */
export interface InvoiceEvent {
  readonly number: string;
  readonly kind: "payment" | "written-off";
  /** In minor units; of what is written off, nothing is paid. */
  readonly amount: bigint;
  readonly at: Instant;
  /** Who said so. */
  readonly by: string;
  readonly note: string;
}

export type InvoiceState = "issued" | "paid" | "overdue" | "written off" | "void";

export interface Standing {
  readonly state: InvoiceState;
  /** In minor units: what credit notes took off, what was paid, and what is left. */
  readonly credited: bigint;
  readonly paid: bigint;
  readonly open: bigint;
}

/**
 * Where a document stands on a day (`2026-04-01`, in its own zone). Credit notes lessen what is to be paid of the invoice that
 * they correct; a debit note is paid by itself. `family`: every document that corrects it. Pure.
 */
export function standingOf(
  issued: Pick<IssuedHead, "number" | "dueDate" | "invoice">,
  family: readonly Pick<IssuedHead, "invoice">[],
  events: readonly InvoiceEvent[],
  today: string,
): Standing {
  const notes = family.filter(
    ({ invoice }) => invoice.kind === "credit-note" && invoice.corrects?.number === issued.number,
  );
  const credited = -notes.reduce((sum, { invoice }) => sum + payable(invoice), 0n);
  const mine = events.filter(({ number }) => number === issued.number);
  const paid = mine.filter(({ kind }) => kind === "payment").reduce((sum, { amount }) => sum + amount, 0n);
  const open = payable(issued.invoice) - credited - paid;
  const state = stateOf({ open, notes, events: mine, isLate: issued.dueDate < today });
  return { state, credited, paid, open };
}

interface Facts {
  readonly open: bigint;
  readonly notes: readonly Pick<IssuedHead, "invoice">[];
  readonly events: readonly InvoiceEvent[];
  readonly isLate: boolean;
}

function stateOf({ open, notes, events, isLate }: Facts): InvoiceState {
  if (notes.some(({ invoice }) => invoice.corrects?.entirely === true)) return "void";
  if (events.some(({ kind }) => kind === "written-off")) return "written off";
  if (open === 0n) return "paid";
  return isLate && open > 0n ? "overdue" : "issued";
}
