import { ADDRESS_RULES } from "./address-rules.ts";
import { DOCUMENT_RULES, PARTY_RULES } from "./document-rules.ts";
import type { EInvoice } from "./e-invoice.ts";
import { LINE_RULES } from "./line-rules.ts";
import { eInvoiceOf, type Issuable } from "./of-issued.ts";
import type { EInvoiceRule } from "./rule.ts";
import { taxRules } from "./tax-rules.ts";

/** A rule that a document breaks: its name in the standard, and what is not so. */
export interface EInvoiceProblem {
  readonly rule: string;
  readonly says: string;
}

/** Every rule that is checked here, in the order in which they are told. */
export const E_INVOICE_RULES: readonly EInvoiceRule[] = [
  ...DOCUMENT_RULES,
  ...PARTY_RULES,
  ...LINE_RULES,
  ...taxRules(),
  ...ADDRESS_RULES,
];

/**
 * What keeps a document from being an electronic invoice under EN 16931 and Peppol BIS Billing 3.0. Asked before it is issued,
 * when it has no number yet: an invoice that a recipient's gate would refuse must not use up a number.
 */
export const eInvoiceProblems = (document: Issuable): EInvoiceProblem[] => problemsOf(eInvoiceOf(document));

export const problemsOf = (invoice: EInvoice): EInvoiceProblem[] =>
  E_INVOICE_RULES.filter(({ broken }) => broken(invoice)).map(({ rule, says }) => ({ rule, says }));

/** What keeps it from the European core, which asks for no electronic addresses and no buyer's reference. */
export const coreProblemsOf = (invoice: EInvoice): EInvoiceProblem[] =>
  problemsOf(invoice).filter(({ rule }) => !rule.startsWith("PEPPOL"));
