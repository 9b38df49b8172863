import {
  at,
  type Currency,
  formatMinor,
  HOUR_MS,
  type Instant,
  type InvoiceEvent,
  type IssuedHead,
  MINUTE_MS,
  type Scope,
  standingOf,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { NAME, type SourceSeries, type Span } from "@raingauge/promql";
import { Temporal } from "temporal-polyfill";
import { dayIn, monthOf } from "../months.ts";
import { columns, type Labels } from "./columns.ts";

export interface DocumentParts {
  readonly ledger: Pick<Ledger, "heads" | "events">;
}

type Make = (parts: DocumentParts, span: Span, scope: Scope) => Promise<readonly SourceSeries[]>;

/** What was issued, each document from the instant of its issue on. Whoever may not see all of a document's projects is told nothing of it. */
export const DOCUMENT_SERIES: Readonly<Record<string, Make | undefined>> = {
  raingauge_invoice_amount: amounts,
  raingauge_invoice_open: open,
  raingauge_invoice_due_timestamp_seconds: due,
  raingauge_revenue: revenue,
};

async function amounts(parts: DocumentParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  return held(span, await issuedBy(parts, span, scope), (issued) => {
    const { net, total, currency } = issued.invoice;
    return Object.entries({ net, tax: total - net, total }).map(([kind, amount]) => ({
      from: issued.issuedAt,
      labels: { [NAME]: "raingauge_invoice_amount", ...labelsOf(issued), kind },
      value: moneyOf(amount, currency),
    }));
  });
}

async function due(parts: DocumentParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  return held(span, await issuedBy(parts, span, scope), (issued) => [
    {
      from: issued.issuedAt,
      labels: { [NAME]: "raingauge_invoice_due_timestamp_seconds", ...labelsOf(issued) },
      value: afterDue(issued) / 1_000,
    },
  ]);
}

/** What is left to be paid, under the state in which the document stands: with the state, the series changes. */
async function open(parts: DocumentParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  const documents = await issuedBy(parts, span, scope);
  const events = Map.groupBy(await parts.ledger.events(undefined, scope), ({ number }) => number);
  const notes = Map.groupBy(documents, ({ invoice }) => invoice.corrects?.number ?? "");
  return held(span, documents, (issued) =>
    standings(issued, notes.get(issued.number) ?? [], events.get(issued.number) ?? []),
  );
}

function standings(issued: IssuedHead, notes: readonly IssuedHead[], events: readonly InvoiceEvent[]): Holding[] {
  const changes = [
    issued.issuedAt,
    afterDue(issued),
    ...notes.map(({ issuedAt }) => issuedAt),
    ...events.map((event) => event.at),
  ].filter((moment) => moment >= issued.issuedAt);
  return [...new Set(changes)]
    .toSorted((a, b) => a - b)
    .map((from, index, all) => {
      const known = notes.filter(({ issuedAt }) => issuedAt <= from);
      const happened = events.filter((event) => event.at <= from);
      const { state, open: left } = standingOf(issued, known, happened, dayIn(from, issued.invoice.zone));
      return {
        from,
        until: all[index + 1],
        labels: { [NAME]: "raingauge_invoice_open", ...labelsOf(issued), state },
        value: moneyOf(left, issued.invoice.currency),
      };
    });
}

/** Net of everything issued for a month up to then; credit notes take off. */
async function revenue(parts: DocumentParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  const documents = await issuedBy(parts, span, scope);
  const months = Map.groupBy(documents, ({ invoice }) => JSON.stringify([invoice.currency, monthLabel(invoice)]));
  return held(span, [...months.values()], (issued) => {
    const ordered = issued.toSorted((a, b) => a.issuedAt - b.issuedAt);
    let total = 0n;
    return ordered.map(({ invoice, issuedAt }, index) => {
      total += invoice.net;
      return {
        from: issuedAt,
        until: ordered[index + 1]?.issuedAt,
        labels: { [NAME]: "raingauge_revenue", currency: invoice.currency, month: monthLabel(invoice) },
        value: moneyOf(total, invoice.currency),
      };
    });
  });
}

const issuedBy = ({ ledger }: DocumentParts, { end }: Span, scope: Scope): Promise<readonly IssuedHead[]> =>
  ledger.heads({ until: at(end) }, scope);

const labelsOf = ({ number, invoice }: IssuedHead): Labels => ({
  invoice: number,
  document: invoice.kind,
  account: invoice.account.id,
  // Of several it would be a list, which no panel could follow.
  project: invoice.projects.length === 1 ? (invoice.projects[0]?.id ?? "") : "",
  currency: invoice.currency,
  month: monthLabel(invoice),
});

/** An account that began within a month is billed for a part of it: its document is of that month all the same. */
const monthLabel = ({ period, zone }: IssuedHead["invoice"]): string =>
  dayIn(monthOf(period.start, zone).start, zone).slice(0, "2026-03".length);

/** The first instant of the day after the one by which it is to be paid. */
const afterDue = ({ dueDate, invoice }: IssuedHead): Instant =>
  at(Temporal.PlainDate.from(dueDate).add({ days: 1 }).toZonedDateTime(invoice.zone).epochMilliseconds);

/** To be looked at: the float nearest to the amount on the document. */
const moneyOf = (minor: bigint, currency: Currency): number => Number(formatMinor(minor, currency));

interface Holding {
  readonly from: number;
  readonly until?: number | undefined;
  readonly labels: Labels;
  readonly value: number;
}

/** What holds from some instant on: told at that instant, and then at each tick while it holds. */
function held<T>(span: Span, all: readonly T[], holdingsOf: (each: T) => readonly Holding[]): SourceSeries[] {
  const tick = tickOf(span);
  const told = columns();
  for (const { from, until = Number.POSITIVE_INFINITY, labels, value } of all.flatMap(holdingsOf)) {
    const first = Math.max(from, span.start - tick);
    if (until <= first || from > span.end) continue;
    if (from > span.start - tick) told.put(labels, from, value);
    for (let moment = (Math.floor(first / tick) + 1) * tick; moment <= span.end && moment < until; moment += tick)
      told.put(labels, moment, value);
    if (until <= span.end) told.end(labels, until);
  }
  return told.series(tick).filter(({ at }) => at.length > 0);
}

/** A year is not told in steps of five minutes. */
function tickOf({ start, end }: Span): number {
  const hours = (end - start) / HOUR_MS;
  if (hours <= 25) return 5 * MINUTE_MS;
  return hours <= 8 * 24 ? HOUR_MS : 24 * HOUR_MS;
}
