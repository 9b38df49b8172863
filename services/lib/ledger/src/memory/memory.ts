import { overlapMs, type Period, type PriceBook, permits } from "@raingauge/domain";
import {
  decodeIssued,
  decodePriceBook,
  decodeUsages,
  encodeIssued,
  encodePriceBook,
  priceBookDigest,
} from "@raingauge/wire";
import {
  alreadyGranted,
  alreadyPublished,
  checkSamePeriod,
  type Frozen,
  frozen,
  NO_USAGES,
  sealed,
} from "../issuing.ts";
import type { Caller, Draft, IssuedInvoice, Ledger, PublishedBook } from "../ledger.ts";
import { DEFAULT_SERIES, type LedgerOptions } from "../options.ts";
import { newToken, tokenHash } from "../token.ts";
import { ratingRecords } from "./rating-records.ts";

/**
 * The ledger as plainly as it can be said: the other adapters must agree with this one. Like them it keeps texts, so that
 * nobody can change a document by holding on to it.
 */
export function memoryLedger(options: LedgerOptions): Ledger {
  return {
    ...books(options),
    ...invoices(options),
    ...tokens(),
    ...leases(options),
    ...ratingRecords(options),
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
  readonly number: string;
  readonly project: string;
  readonly period: Period;
  readonly text: string;
  readonly hash: string;
  readonly usages: Frozen;
}

function invoices({
  clock,
  series = DEFAULT_SERIES,
}: LedgerOptions): Pick<Ledger, "issue" | "invoices" | "invoice" | "usages"> {
  const kept: KeptInvoice[] = [];
  const draw = (draft: Draft): KeptInvoice => {
    const usages = frozen(draft);
    const issued = sealed(draft, usages, {
      series,
      sequence: BigInt(kept.length + 1),
      issuedAt: clock(),
      previousHash: kept.at(-1)?.hash ?? "",
    });
    const { project, period } = draft.invoice;
    const document = {
      number: issued.number,
      project,
      period,
      text: encodeIssued(issued),
      hash: issued.hash,
      usages,
    };
    kept.push(document);
    return document;
  };
  return {
    async issue(draft) {
      const { project, period } = draft.invoice;
      const known = kept.find((document) => document.project === project && overlapMs(document.period, period) > 0);
      if (known !== undefined) checkSamePeriod(known, draft);
      return issuedOf(known ?? draw(draft));
    },
    async invoices({ period, project }, scope) {
      const visible = kept.filter(
        (document) => permits(scope, document.project) && (project === undefined || document.project === project),
      );
      return visible.filter((document) => period === undefined || within(document.period, period)).map(issuedOf);
    },
    invoice: async (number, scope) =>
      kept.filter((document) => document.number === number && permits(scope, document.project)).map(issuedOf)[0],
    async usages(number, position, scope) {
      const document = kept.find((each) => each.number === number && permits(scope, each.project));
      return decodeUsages(document?.usages.get(position) ?? NO_USAGES);
    },
  };
}

const issuedOf = ({ text, hash }: KeptInvoice): IssuedInvoice => decodeIssued(text, hash);

const within = (inner: Period, outer: Period): boolean => outer.start <= inner.start && inner.end <= outer.end;

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
