import { hash } from "node:crypto";
import { arithmetic, duration } from "@raingauge/documents";
import {
  at,
  type Conditions,
  contains,
  type Event,
  HOUR_MS,
  type InvoiceLine,
  type IssuedInvoice,
  iso,
  meterNamed,
  type Period,
  type Price,
  projects,
  type Sample,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { HoursFrozen, type SampleStore } from "@raingauge/store";
import { usageDigest } from "@raingauge/wire";
import { type PinnedSources, pinnedOf } from "./redraft.ts";
import { type Change, changeOf, isSameUse } from "./why-changed.ts";

export interface WhySources {
  readonly store: Pick<SampleStore, "series" | "events">;
  readonly ledger: PinnedSources["ledger"] & Pick<Ledger, "usages">;
}

/** The reasons of one invoice line, from the rule down to the messages, each level counted and sealed by a digest. */
export interface Why {
  readonly issued: IssuedInvoice;
  readonly line: InvoiceLine;
  readonly rule: Rule;
  /** Set on a line of a credit or debit note. */
  readonly change?: Change;
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
  /** On a correction: what the documents before it rested on for the same thing; absent where they knew of nothing. */
  readonly before?: bigint;
  readonly readings: Level<Sample>;
  /** On a correction: those of the readings that became known after the documents before it. */
  readonly late?: Level<Sample>;
  readonly messages: Level<string>;
  /** Those of the messages that were notifications, as they were kept. */
  readonly notifications: Level<Event>;
}

export interface Level<T> {
  readonly count: number;
  /** SHA-256 over the identities, sorted, a line each. */
  readonly digest: string;
  /** The first of them, as many as were asked for. */
  readonly shown: readonly T[];
}

export interface WhyQuery {
  /** Which of the line's usages, counted from 0 in canonical order; of a correction's, what it changes comes first. */
  readonly offset: number;
  readonly usages: number;
  readonly readings: number;
}

/** Why a line says what it says; undefined if there is no such line that the caller may see. */
export async function why(
  { store, ledger }: WhySources,
  number: string,
  position: number,
  scope: Scope,
  { offset, usages: limit, readings }: WhyQuery,
): Promise<Why | undefined> {
  const issued = await ledger.invoice(number, scope);
  const line = issued?.invoice.lines.find((each) => each.position === position);
  if (issued === undefined || line === undefined) return undefined;
  const usages = await ledger.usages(number, position, scope);
  const change = line.kind === "correction" ? await changeOf(ledger, issued, line) : undefined;
  const explained: UsageReasons[] = [];
  for (const usage of changedFirst(usages, change).slice(offset, offset + limit))
    explained.push(await reasons(store, usage, { issued, shown: readings, change }));
  return {
    issued,
    line,
    rule: await rule(ledger, issued, line),
    ...(change === undefined ? {} : { change }),
    usages: { count: usages.length, digest: usageDigest(usages), explained },
  };
}

function changedFirst(usages: readonly Usage[], change: Change | undefined): readonly Usage[] {
  if (change === undefined) return usages;
  const isChanged = (usage: Usage): boolean => quantityBefore(usage, change) !== usage.quantity;
  return [...usages.filter(isChanged), ...usages.filter((usage) => !isChanged(usage))];
}

const quantityBefore = (usage: Usage, change: Change | undefined): bigint | undefined =>
  change?.before.find((each) => isSameUse(each, usage))?.quantity;

async function rule(ledger: WhySources["ledger"], issued: IssuedInvoice, line: InvoiceLine): Promise<Rule> {
  const { invoice, pins } = issued;
  const [digest = ""] = pins.bookDigests;
  const [book = { name: "", version: "" }] = invoice.books;
  const { published } = await pinnedOf(ledger, issued);
  const price = published?.book.prices.find(({ sku }) => sku === line.sku);
  return {
    sku: line.sku,
    book: { ...book, digest },
    where: price?.where ?? {},
    scope: price?.scope,
    arithmetic: arithmetic(line, invoice),
  };
}

interface Asking {
  readonly issued: IssuedInvoice;
  readonly shown: number;
  readonly change: Change | undefined;
}

/** The readings as they were known when the invoice was issued: what came later is no reason of it. */
async function reasons(
  store: WhySources["store"],
  usage: Usage,
  { issued: { pins }, shown, change }: Asking,
): Promise<UsageReasons> {
  const readings = await readingsOf(store, usage, pins.watermark);
  const messages = [...new Set(readings.map(({ message }) => message))];
  const late = change && (await lateOf(store, usage, readings, change));
  const before = quantityBefore(usage, change);
  return {
    usage,
    digest: usageDigest([usage]),
    sentence: sentence(usage, readings),
    ...(before === undefined ? {} : { before }),
    readings: level(readings, shown, ({ id }) => id),
    ...(late === undefined ? {} : { late: level(late, shown, ({ id }) => id) }),
    messages: level(messages, shown, (id) => id),
    notifications: level(await notificationsOf(store, readings, usage), shown, ({ id }) => id),
  };
}

async function readingsOf(
  store: WhySources["store"],
  { meter, region, resource, period, project }: Usage,
  asOf: IssuedInvoice["pins"]["watermark"],
): Promise<Sample[]> {
  try {
    const series = await store.series({ meter, region, resource, period, asOf }, projects(project));
    return series.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  } catch (error) {
    if (!(error instanceof HoursFrozen)) throw error;
    return []; // The sentence says so: a usage that nothing is left of but what was frozen with the invoice.
  }
}

async function lateOf(
  store: WhySources["store"],
  usage: Usage,
  readings: readonly Sample[],
  { since }: Change,
): Promise<Sample[]> {
  const known = new Set((await readingsOf(store, usage, since)).map(({ id }) => id));
  return readings.filter(({ id }) => !known.has(id));
}

/** A poll is no notification, so there may be fewer of these than messages. Only what is behind a reading of the caller's is shown. */
async function notificationsOf(
  store: WhySources["store"],
  readings: readonly Sample[],
  { resource, project }: Usage,
): Promise<Event[]> {
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined) return [];
  const messages = new Set(readings.map(({ message }) => message));
  const around = { start: first.at, end: last.at };
  const events = await store.events({ period: widened(around), resource }, projects(project));
  return events.filter(({ id }) => messages.has(id));
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
  if (all === 0) return "its readings were removed by retention";
  if (inside === all) return all === 1 ? "its one reading lies in the period" : `all ${all} readings lie in the period`;
  return `${inside} of ${all} readings lie in the period, the others decide what holds at its edges`;
}

function ended({ end }: Usage["evidence"]): string {
  if (end === undefined) return "";
  return `; it ended at ${iso(end.at)}, ${end.kind === "final" ? "which is certain" : "which is inferred"}`;
}

/** A notification is sent some time after what it tells of. */
const widened = ({ start, end }: Period): Period => ({ start: at(start - DAY_MS), end: at(end + DAY_MS) });

const DAY_MS = 24 * HOUR_MS;

function level<T>(all: readonly T[], shown: number, identity: (each: T) => string): Level<T> {
  const digest = hash("sha256", all.map(identity).toSorted().join("\n"), "hex");
  return { count: all.length, digest, shown: all.slice(0, shown) };
}
