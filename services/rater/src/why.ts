import { hash } from "node:crypto";
import { arithmetic, duration } from "@raingauge/documents";
import {
  type Conditions,
  contains,
  type InvoiceLine,
  type IssuedInvoice,
  iso,
  meterNamed,
  type Price,
  projects,
  type Sample,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { usageDigest } from "@raingauge/wire";

export interface WhySources {
  readonly store: Pick<SampleStore, "series">;
  readonly ledger: Pick<Ledger, "invoice" | "usages" | "bookByDigest">;
}

/** The reasons of one invoice line, from the rule down to the messages, each level counted and sealed by a digest. */
export interface Why {
  readonly issued: IssuedInvoice;
  readonly line: InvoiceLine;
  readonly rule: Rule;
  readonly usages: { readonly count: number; readonly digest: string; readonly explained: readonly UsageReasons[] };
}

/** Which price was applied, and the sum it led to. */
export interface Rule {
  readonly sku: string;
  readonly book: { readonly name: string; readonly version: string; readonly digest: string };
  readonly where: Conditions;
  readonly scope: Price["scope"] | undefined;
  readonly arithmetic: string;
}

export interface UsageReasons {
  readonly usage: Usage;
  readonly digest: string;
  readonly sentence: string;
  readonly readings: Level<Sample>;
  readonly messages: Level<string>;
}

export interface Level<T> {
  readonly count: number;
  /** SHA-256 over the identities, sorted, a line each. */
  readonly digest: string;
  /** The first of them, as many as were asked for. */
  readonly shown: readonly T[];
}

export interface WhyQuery {
  /** Which of the line's usages, counted from 0 in canonical order. */
  readonly offset: number;
  readonly usages: number;
  readonly readings: number;
}

/** Why a line says what it says; undefined if there is no such line that the caller may see. */
export async function why(
  sources: WhySources,
  number: string,
  position: number,
  scope: Scope,
  { offset, usages: limit, readings }: WhyQuery,
): Promise<Why | undefined> {
  const issued = await sources.ledger.invoice(number, scope);
  const line = issued?.invoice.lines.find((each) => each.position === position);
  if (issued === undefined || line === undefined) return undefined;
  const usages = await sources.ledger.usages(number, position, scope);
  const explained: UsageReasons[] = [];
  for (const usage of usages.slice(offset, offset + limit))
    explained.push(await reasons(sources.store, usage, issued, readings));
  return {
    issued,
    line,
    rule: await rule(sources.ledger, issued, line),
    usages: { count: usages.length, digest: usageDigest(usages), explained },
  };
}

async function rule(ledger: WhySources["ledger"], { invoice, pins }: IssuedInvoice, line: InvoiceLine): Promise<Rule> {
  const [digest = ""] = pins.bookDigests;
  const [book = { name: "", version: "" }] = invoice.books;
  const published = await ledger.bookByDigest(digest);
  const price = published?.book.prices.find(({ sku }) => sku === line.sku);
  return {
    sku: line.sku,
    book: { ...book, digest },
    where: price?.where ?? {},
    scope: price?.scope,
    arithmetic: arithmetic(line, invoice.currency),
  };
}

/** The readings as they were known when the invoice was issued: what came later is no reason of it. */
async function reasons(
  store: WhySources["store"],
  usage: Usage,
  { pins }: IssuedInvoice,
  shown: number,
): Promise<UsageReasons> {
  const { meter, region, resource, period, project } = usage;
  const series = await store.series({ meter, region, resource, period, asOf: pins.watermark }, projects(project));
  const readings = series.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const messages = [...new Set(readings.map(({ message }) => message))];
  return {
    usage,
    digest: usageDigest([usage]),
    sentence: sentence(usage, readings),
    readings: {
      count: readings.length,
      digest: digestOf(readings.map(({ id }) => id)),
      shown: readings.slice(0, shown),
    },
    messages: { count: messages.length, digest: digestOf(messages), shown: messages.slice(0, shown) },
  };
}

/** How a usage's number comes about, in words. */
function sentence({ meter, quantity, period, evidence }: Usage, readings: readonly Sample[]): string {
  const { kind, unit = "unit" } = meterNamed(meter) ?? {};
  const read = whereRead(readings.filter((reading) => contains(period, reading.at)).length, readings.length);
  if (kind !== "gauge") return `${quantity} ${unit} counted; ${read}`;
  const held = `${duration(evidence.observedMs)} seen, ${duration(evidence.inferredMs)} inferred`;
  return `${quantity} ${unit}·ms over ${held}${ended(evidence)}; ${read}`;
}

function whereRead(inside: number, all: number): string {
  if (inside === all) return all === 1 ? "its one reading lies in the period" : `all ${all} readings lie in the period`;
  return `${inside} of ${all} readings lie in the period, the others decide what holds at its edges`;
}

function ended({ end }: Usage["evidence"]): string {
  if (end === undefined) return "";
  return `; it ended at ${iso(end.at)}, ${end.kind === "final" ? "which is certain" : "which is inferred"}`;
}

const digestOf = (identities: readonly string[]): string => hash("sha256", identities.toSorted().join("\n"), "hex");
