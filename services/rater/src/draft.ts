import {
  type AvailableCredit,
  at,
  type BilledProject,
  billed,
  type Calendar,
  type Charge,
  type Instant,
  invoice,
  rate,
  type SilentAgent,
  sharesTerms,
  taxAt,
  type Usage,
  type Watched,
} from "@raingauge/domain";
import type { Draft, PublishedBook } from "@raingauge/ledger";
import type { Bill } from "./bill.ts";
import { remembering } from "./calendar.ts";
import { checks } from "./checks.ts";
import type { Obstacle } from "./obstacle.ts";
import { ENGINE_BY_LINE, severalRegions } from "./regions.ts";

/** Names the rules by which usages become lines. It is pinned on every invoice and changes when any of them does. */
export const ENGINE = "raingauge-rater/4";

/** Whose documents this one computes again to the byte, by what they say: the first of them had no regions on lines. */
export const ENGINES: readonly string[] = ["raingauge-rater/2", ENGINE_BY_LINE, ENGINE];

/** An invoice as it would be issued now, with what stands in its way. */
export interface Drafted {
  readonly account: string;
  readonly draft: Draft;
  /** Used, and no price says what it costs. */
  readonly unpriced: readonly Usage[];
  /** Its account says that such usage is given away. */
  readonly givesAway: boolean;
  /** What else nobody could answer for. */
  readonly obstacles: readonly Obstacle[];
  /** It is of one project, whose account shares tiers, an allowance or a discount: its invoice may say something else of it. */
  readonly isEstimate?: boolean;
}

/** An account whose usage cannot even be rated. */
export interface Undrafted {
  readonly account: string;
  /** Of the account. */
  readonly locale: string;
  readonly obstacles: readonly Obstacle[];
}

export const isDrafted = (each: Drafted | Undrafted): each is Drafted => "draft" in each;

/** All that decides a draft besides its bill and its usages. */
export interface DraftPins {
  readonly published: Pick<PublishedBook, "book" | "digest">;
  readonly watermark: Instant;
  readonly monthMs: bigint;
  readonly tzVersion: string;
  readonly watched?: readonly Watched[] | undefined;
  /** Only asked of what is not issued yet. */
  readonly silent?: readonly SilentAgent[] | undefined;
  readonly calendar: Calendar;
  readonly byRegion?: boolean | undefined;
  readonly splitsByLine?: boolean | undefined;
  readonly credits?: readonly AvailableCredit[] | undefined;
}

/** The same bill, usages and pins give the same draft, to the byte, in whatever order the usages come. Pure. */
export function draft(bill: Bill, usages: readonly Usage[], pins: DraftPins): Drafted {
  const { account, accountDigest, period, disputes } = bill;
  const { published, watermark, monthMs } = pins;
  const calendar = remembering(pins.calendar);
  const credits = pins.credits ?? [];
  const { byRegion = severalRegions(usages) } = pins;
  const { charges, unpriced, free } = rate(usages, published.book, monthMs, account.id, byRegion);
  const ordered = charges.toSorted(byPlace);
  const drafted = invoice(
    { charges: ordered },
    {
      account: billed({ currency: published.book.currency, ...account }),
      projects: bill.projects.filter(uses(usages)).toSorted(byIdAndStart),
      period,
      zone: account.zone,
      tzVersion: pins.tzVersion,
      book: published.book,
      rounding: account.rounding,
      tax: account.mode === "internal" ? undefined : taxAt(account.taxes, at(period.end - 1)),
      watched: pins.watched,
      taxRounding: account.taxRounding,
      taxCurrency: account.taxCurrency,
      calendar,
      credits,
      isPart: bill.isPart === true,
      splitsByLine: pins.splitsByLine,
    },
  );
  return {
    account: account.id,
    unpriced,
    givesAway: account.closing.allowUnpriced,
    ...(bill.isPart === true &&
    sharesTerms(charges, published.book, { account: account.id, project: bill.projects[0]?.id })
      ? { isEstimate: true }
      : {}),
    obstacles: [...disputes, ...incomplete(bill), ...checks(account, charges, pins.silent ?? [])],
    draft: {
      invoice: drafted,
      usages: new Map(ordered.map((charge, index) => [index + 1, charge.usages])),
      // Whoever issues in spite of unpriced usage gives it away, and the evidence of that stays with the invoice.
      free: [...free, ...unpriced],
      pins: {
        watermark,
        bookDigests: [published.digest],
        ...(accountDigest === undefined ? {} : { accountDigest }),
        engine: ENGINE,
        monthMs,
        ...(Object.keys(calendar.days).length === 0 ? {} : { days: calendar.days }),
        ...(credits.length === 0 ? {} : { credits }),
      },
      ...(account.series === undefined ? {} : { series: account.series }),
    },
  };
}

/** Nobody outside the house can be billed without saying by whom, to whom and with what tax. */
function incomplete({ account, period }: Bill): Obstacle[] {
  if (account.mode === "internal") return [];
  return [
    ...(account.seller === undefined ? [lacking("seller-missing")] : []),
    ...(account.buyer === undefined ? [lacking("buyer-missing")] : []),
    ...(taxAt(account.taxes, at(period.end - 1)) === undefined ? [lacking("tax-missing")] : []),
  ];
}

const lacking = (code: "seller-missing" | "buyer-missing" | "tax-missing"): Obstacle => ({ code, figures: {} });

const uses = (usages: readonly Usage[]) => {
  const ids = new Set(usages.map(({ project }) => project));
  return ({ id }: BilledProject): boolean => ids.has(id);
};

/** Project by project, and region by region within it where lines say which. */
const byPlace = (a: Charge, b: Charge): number =>
  inOrder(a.project, b.project) || inOrder(a.region ?? "", b.region ?? "");

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byIdAndStart = (a: BilledProject, b: BilledProject): number =>
  inOrder(a.id, b.id) || a.period.start - b.period.start;
