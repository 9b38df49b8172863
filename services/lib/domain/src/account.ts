import type { Instant } from "./instant.ts";
import type { Currency } from "./money.ts";
import type { Party } from "./party.ts";
import type { Rational } from "./rational.ts";
import type { Rounding } from "./rounding.ts";
import type { TaxCurrency, TaxTreatment } from "./tax.ts";

/**
 * Who pays for projects, and on what terms. A document with versions: a change is a new version from an instant on, and an
 * invoice pins the version that it was made by.
 */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** An internal account is charged within the house: no parties and no tax. */
  readonly mode: "external" | "internal";
  readonly members: readonly Membership[];
  readonly seller?: Party;
  readonly buyer?: Party;
  /** Of an external account; the one in force at the period's last instant taxes all of it. */
  readonly taxes: readonly TaxTreatment[];
  /** Days from issue until payment is due. */
  readonly dueDays: number;
  readonly paymentTerms?: string;
  /** BCP 47: the language of its documents. */
  readonly locale: string;
  readonly zone: string;
  readonly currency: Currency;
  /** The name of its price book. */
  readonly book: string;
  readonly costCentre?: string;
  readonly purchaseOrder?: string;
  readonly buyerReference?: string;
  readonly rounding: Rounding;
  /** How tax is rounded, where that is another way than the lines are. */
  readonly taxRounding?: Rounding;
  /** Where tax has to be said in another currency too. */
  readonly taxCurrency?: TaxCurrency;
  /** Where its numbers are drawn from; `{year}` stands for the year of issue. The installation's own when absent. */
  readonly series?: string;
  readonly closing: ClosingRules;
  readonly corrections: CorrectionRules;
}

/** Whose usage an account pays, and for how long; without bounds, always. */
export interface Membership {
  readonly kind: "project" | "domain";
  readonly id: string;
  readonly since?: Instant;
  readonly until?: Instant;
}

/** What keeps an account's invoice from being issued by itself. */
export interface ClosingRules {
  /** Issue although something was used that no price names; it is then given away. */
  readonly allowUnpriced: boolean;
  /** Hold when less of the charged time was seen, in per cent; the rest was concluded. */
  readonly seenPercentMin?: Rational;
  /** Hold when more agents than these, of the regions that are billed, had fallen silent. */
  readonly silentAgentsMax?: number;
  /** Hold when of more charged resources than these nobody confirmed that they ended. */
  readonly unreconciledMax?: number;
}

/** What becomes of a difference that is found after issue. */
export interface CorrectionRules {
  /** Only tell of it; write what is in the customer's favour; write both ways. */
  readonly policy: "report" | "credit-only" | "both";
  /** Less than this in either direction waits, in the currency. */
  readonly least?: Rational;
  /** Nothing is written by schedule: somebody in finance must ask for it. */
  readonly approval: boolean;
}

export const DEFAULT_CLOSING: ClosingRules = { allowUnpriced: false };
/** Nothing is written that nobody asked for. */
export const DEFAULT_CORRECTIONS: CorrectionRules = { policy: "report", approval: false };

/** An account as its documents show it: frozen with each of them. */
export type BilledAccount = Pick<
  Account,
  | "id"
  | "name"
  | "mode"
  | "seller"
  | "buyer"
  | "dueDays"
  | "paymentTerms"
  | "locale"
  | "costCentre"
  | "purchaseOrder"
  | "buyerReference"
>;

export function billed(account: Account): BilledAccount {
  const { id, name, mode, dueDays, locale } = account;
  const { seller, buyer, paymentTerms, costCentre, purchaseOrder, buyerReference } = account;
  return {
    id,
    name,
    mode,
    dueDays,
    locale,
    ...(seller === undefined ? {} : { seller }),
    ...(buyer === undefined ? {} : { buyer }),
    ...(paymentTerms === undefined ? {} : { paymentTerms }),
    ...(costCentre === undefined ? {} : { costCentre }),
    ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
    ...(buyerReference === undefined ? {} : { buyerReference }),
  };
}

/** Where a project that belongs to no account is billed: an internal account of its own, named after it. */
export const ownAccount = (project: string, terms: Pick<Account, "zone" | "currency" | "book">): Account => ({
  id: project,
  name: project,
  mode: "internal",
  members: [{ kind: "project", id: project }],
  taxes: [],
  dueDays: 0,
  locale: "en",
  rounding: "half-up",
  closing: DEFAULT_CLOSING,
  corrections: DEFAULT_CORRECTIONS,
  ...terms,
});

/** Something that was in force from an instant on, until the next of its kind. */
interface Version {
  readonly validFrom: Instant;
}

/** The version in force at an instant; of several from one instant the later word, so `newestFirst`. */
export const versionAt = <T extends Version>(newestFirst: readonly T[], moment: Instant): T | undefined =>
  newestFirst.filter(({ validFrom }) => validFrom <= moment).toSorted((a, b) => b.validFrom - a.validFrom)[0];
