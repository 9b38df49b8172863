import {
  type InvoiceEvent,
  type Period,
  type Placement,
  type PriceBook,
  type Scope,
  versionAt,
} from "@raingauge/domain";
import {
  accountDigest,
  decodeAccount,
  decodeIssued,
  decodePriceBook,
  decodeUsages,
  encodeAccount,
  encodePriceBook,
  placementsDigest,
  priceBookDigest,
} from "@raingauge/wire";
import { projectsOf, refuseSuperseded, seesAccount, seesInvoice } from "../account.ts";
import { LedgerConflict } from "../conflict.ts";
import {
  alreadyGranted,
  alreadyPublished,
  answering,
  type Frozen,
  nilKey,
  type PreparedDraft,
  prepare,
  sealed,
  seriesOf,
} from "../issuing.ts";
import type {
  AccountVersion,
  Caller,
  InvoiceQuery,
  IssuedInvoice,
  Ledger,
  NilPeriod,
  PublishedBook,
} from "../ledger.ts";
import { DEFAULT_SERIES, type LedgerOptions } from "../options.ts";
import { mustBeApproved } from "../proposals/approving.ts";
import type { Proposals } from "../proposals/records.ts";
import { newToken, tokenHash } from "../token.ts";
import { budgets } from "./budgets.ts";
import { credits } from "./credits.ts";
import { proposals } from "./proposals.ts";
import { ratingRecords } from "./rating-records.ts";
import { requestRecords } from "./request-records.ts";
import { retirements } from "./retirements.ts";

/**
 * The ledger as plainly as it can be said: the other adapters must agree with this one. Like them it keeps texts, so that
 * nobody can change a document by holding on to it.
 */
export function memoryLedger(options: LedgerOptions): Ledger {
  const versions = accounts(options);
  const { draw, ...kept } = credits(options, versions.accounts);
  const documents = invoices(options, draw);
  return {
    ...books(options),
    ...versions,
    ...kept,
    ...afterIssue(documents.invoice),
    ...documents,
    ...tokens(),
    ...leases(options),
    ...requestRecords(options),
    ...ratingRecords(options),
    ...budgets(options),
    ...retirements(options),
    async [Symbol.asyncDispose]() {},
  };
}

interface KeptBook extends Omit<PublishedBook, "book"> {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

function books({ clock }: LedgerOptions): Pick<Ledger, "publish" | "books" | "bookAt" | "bookByDigest"> {
  const newestFirst: KeptBook[] = [];
  const find = (wanted: (book: KeptBook) => boolean): PublishedBook | undefined =>
    newestFirst.filter(wanted).map(publishedOf)[0];
  const keep = (book: PriceBook, validFrom: PublishedBook["validFrom"]): KeptBook => {
    const kept = {
      name: book.name,
      version: book.version,
      text: encodePriceBook(book),
      digest: priceBookDigest(book),
      validFrom,
      publishedAt: clock(),
    };
    newestFirst.unshift(kept);
    return kept;
  };
  return {
    async publish(book, validFrom) {
      const known =
        newestFirst.find(({ name, version }) => name === book.name && version === book.version) ??
        keep(book, validFrom);
      if (known.digest !== priceBookDigest(book) || known.validFrom !== validFrom) throw alreadyPublished(book);
      return publishedOf(known);
    },
    books: async () => newestFirst.map(publishedOf),
    async bookAt(name, moment, knownAt) {
      const begun = newestFirst.filter(
        (book) =>
          book.name === name && book.validFrom <= moment && (knownAt === undefined || book.publishedAt <= knownAt),
      );
      const latest = Math.max(...begun.map(({ validFrom }) => validFrom));
      return begun.filter(({ validFrom }) => validFrom === latest).map(publishedOf)[0];
    },
    bookByDigest: async (digest) => find((book) => book.digest === digest),
  };
}

const publishedOf = ({ text, digest, validFrom, publishedAt }: KeptBook): PublishedBook => ({
  book: decodePriceBook(text),
  digest,
  validFrom,
  publishedAt,
});

interface KeptInvoice {
  readonly text: string;
  readonly hash: string;
  readonly usages: Frozen;
}

function invoices(
  { clock, series: usual = DEFAULT_SERIES }: LedgerOptions,
  drawCredit: (issued: IssuedInvoice) => void,
): Pick<Ledger, "issue" | "issueAll" | "invoices" | "heads" | "invoice" | "bills" | "usages"> & Proposals {
  const kept: KeptInvoice[] = [];
  const all = (): IssuedInvoice[] => kept.map(issuedOf);
  const draw = (prepared: PreparedDraft): IssuedInvoice => {
    const { draft, usages } = prepared;
    const now = clock();
    const series = seriesOf(draft, usual, now);
    const before = all().filter((document) => document.series === series);
    const { issued, text } = sealed(prepared, {
      series,
      sequence: BigInt(before.length + 1),
      issuedAt: now,
      previousHash: before.at(-1)?.hash ?? "",
    });
    drawCredit(issued);
    kept.push({ text, hash: issued.hash, usages });
    return issued;
  };
  const corrections = (number = ""): IssuedInvoice[] =>
    all().filter(({ invoice }) => invoice.corrects?.number === number);
  const proposed = proposals({ clock }, corrections);
  const visible = (scope: Scope): IssuedInvoice[] => all().filter((each) => seesInvoice(scope, projectsOf(each)));
  const issue = async (prepared: PreparedDraft): Promise<IssuedInvoice> => {
    const { draft } = prepared;
    const { approval } = draft.pins;
    const proposal = approval && (await proposed.proposal(approval.proposal));
    mustBeApproved(draft, proposal, corrections(draft.invoice.corrects?.number), clock());
    return answering(all(), draft) ?? draw(prepared);
  };
  return {
    ...proposed,
    issue: async (draft) => issue(prepare(draft)),
    async issueAll(prepared) {
      const results: (IssuedInvoice | LedgerConflict)[] = [];
      for (const each of prepared) results.push(await issue(each).catch(conflictOnly));
      return results;
    },
    async invoices({ period, project, account, corrects, limit, after, by = "issue", newestFirst = false }, scope) {
      const turned = <T>(items: T[]): T[] => (newestFirst ? items.toReversed() : items);
      const numbers = turned(inOrder(all(), by).map(({ number }) => number));
      const later = new Set(after === undefined ? numbers : numbers.slice(numbers.indexOf(after)).slice(1));
      const wanted = inOrder(visible(scope), by).filter(
        ({ invoice }) =>
          (project === undefined || invoice.projects.some(({ id }) => id === project)) &&
          (account === undefined || invoice.account.id === account) &&
          (corrects === undefined || invoice.corrects?.number === corrects) &&
          (period === undefined || within(invoice.period, period)),
      );
      return turned(wanted.filter(({ number }) => later.has(number))).slice(0, limit);
    },
    heads: async ({ period, until }, scope) =>
      visible(scope)
        .filter(
          ({ invoice, issuedAt }) =>
            within(invoice.period, period ?? invoice.period) && issuedAt <= (until ?? issuedAt),
        )
        .map(({ invoice: { lines: _, ...invoice }, ...rest }) => ({ ...rest, invoice })),
    bills: async (period, scope) =>
      visible(scope)
        .filter(({ invoice }) => within(invoice.period, period))
        .map(({ number, invoice: { account, corrects, period: own }, pins: { accountDigest } }) => ({
          number,
          account: account.id,
          ...(accountDigest === undefined ? {} : { accountDigest }),
          period: own,
          ...(corrects === undefined ? {} : { corrects: { number: corrects.number, entirely: corrects.entirely } }),
        })),
    invoice: async (number, scope) => visible(scope).find((each) => each.number === number),
    async usages(number, position, scope) {
      const document = kept.find((each) => {
        const issued = issuedOf(each);
        return issued.number === number && seesInvoice(scope, projectsOf(issued));
      });
      const all = [...(document?.usages ?? [])].toSorted(([a], [b]) => a - b);
      return all.flatMap(([at, text]) => (position === undefined || position === at ? decodeUsages(text) : []));
    },
  };
}

function conflictOnly(error: unknown): LedgerConflict {
  if (error instanceof LedgerConflict) return error;
  throw error;
}

function inOrder(documents: readonly IssuedInvoice[], by: NonNullable<InvoiceQuery["by"]>): readonly IssuedInvoice[] {
  if (by === "issue") return documents;
  const placeOf = ({ invoice }: IssuedInvoice): string | bigint =>
    by === "total" ? invoice.total : invoice.account.id;
  return documents.toSorted((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}

const issuedOf = ({ text, hash }: KeptInvoice): IssuedInvoice => decodeIssued(text, hash);

const within = (inner: Period, outer: Period): boolean => outer.start <= inner.start && inner.end <= outer.end;

interface KeptAccount extends Omit<AccountVersion, "account"> {
  readonly text: string;
}

function accounts({
  clock,
}: LedgerOptions): Pick<Ledger, "recordAccount" | "accounts" | "accountByDigest" | "place" | "placements"> {
  const newestFirst: KeptAccount[] = [];
  const placed: Placement[] = [];
  return {
    async recordAccount(account, validFrom, over) {
      const digest = accountDigest(account);
      const mine = newestFirst.map(versionOf).filter((version) => version.account.id === account.id);
      refuseSuperseded(mine[0], over);
      const known = versionAt(mine, validFrom);
      if (known?.digest === digest) return known;
      const kept = { text: encodeAccount(account), validFrom, recordedAt: clock(), digest };
      newestFirst.unshift(kept);
      return versionOf(kept);
    },
    accounts: async (scope) => newestFirst.map(versionOf).filter(({ account }) => seesAccount(scope, account)),
    accountByDigest: async (digest) => newestFirst.filter((each) => each.digest === digest).map(versionOf)[0],
    async place(placement, over) {
      refuseSuperseded({ digest: placementsDigest(placed, placement.project) }, over);
      placed.push({ ...placement });
    },
    placements: async () => [...placed],
  };
}

const versionOf = ({ text, ...rest }: KeptAccount): AccountVersion => ({ account: decodeAccount(text), ...rest });

function afterIssue(invoice: Ledger["invoice"]): Pick<Ledger, "recordEvent" | "events" | "recordNil" | "nils"> {
  const happened: InvoiceEvent[] = [];
  const nothing = new Map<string, NilPeriod>();
  return {
    recordEvent: async (event) => void happened.push({ ...event }),
    async events(number, scope) {
      const numbers = [...new Set(number === undefined ? happened.map((event) => event.number) : [number])];
      const found = await Promise.all(numbers.map((each) => invoice(each, scope)));
      const shown = new Set(found.flatMap((each) => each?.number ?? []));
      return happened.filter((event) => shown.has(event.number));
    },
    recordNil: async (nil) => void nothing.set(nilKey(nil), nil),
    nils: async (period) => [...nothing.values()].filter((nil) => within(nil.period, period)),
  };
}

function tokens(): Pick<Ledger, "grant" | "caller" | "revoke"> {
  const byHash = new Map<string, Caller>();
  const hashOf = (name: string): string | undefined => byHash.entries().find(([, caller]) => caller.name === name)?.[0];
  return {
    async grant({ name, role, projects }) {
      if (hashOf(name) !== undefined) throw alreadyGranted(name);
      const token = newToken();
      byHash.set(tokenHash(token), { name, role, projects: [...projects] });
      return token;
    },
    caller: async (token) => byHash.get(tokenHash(token)),
    revoke: async (name) => byHash.delete(hashOf(name) ?? ""),
  };
}

function leases({ clock }: LedgerOptions): Pick<Ledger, "lease"> {
  const held = new Map<string, { readonly holder: string; readonly until: number }>();
  return {
    async lease(name, holder, seconds) {
      const present = held.get(name);
      if (present !== undefined && present.holder !== holder && present.until > clock()) return false;
      held.set(name, { holder, until: clock() + seconds * 1_000 });
      return true;
    },
  };
}
