import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  at,
  EVERYTHING,
  formatMinor,
  HOUR_MS,
  type Instant,
  type IssuedInvoice,
  instant,
  iso,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { embeddedLedger } from "@raingauge/ledger/embedded";
import { closeDueMonths, draftInvoices, isDrafted, monthNamed, reconcileMonths, verify } from "@raingauge/rater";
import type { SampleStore } from "@raingauge/store";
import { memoryStore } from "@raingauge/store/memory";
import { duckdbUrl, openStore } from "@raingauge/store/open";
import { Refused } from "../client.ts";
import { table } from "../print.ts";
import { bookOf, CUSTOMERS } from "./customers.ts";
import { type SettableClock, settableClock } from "./settable-clock.ts";
import { firsts, type Told, yearOf } from "./year.ts";

export interface RehearsalOptions {
  readonly year?: string;
  readonly data?: string;
  readonly json?: boolean;
  /** Readings rest in memory, not in a file: three times as quick, and the same by the stores' own suite. */
  readonly quick?: boolean;
}

/** What a customer's year came to. */
export interface Rehearsed {
  readonly account: string;
  readonly zone: string;
  readonly invoices: number;
  readonly credits: number;
  readonly debits: number;
  /** When each month of it began, as its invoices say. */
  readonly began: readonly string[];
  readonly total: string;
  /** The same year worked out from scratch, by what is known at its end. */
  readonly fromScratch: string;
  readonly failed: readonly string[];
}

const TERMS = { zone: "UTC", book: "standard", graceHours: 24, monthsBack: 2, holder: "rehearsal" };
const DAY_MS = 24 * HOUR_MS;

/**
 * Lives through a year in seconds: customers in several zones, late news, a price that is lowered after the fact. Every month is
 * closed by the real schedule on a real store and ledger, whose clock is set forward; then every document is verified, and
 * each customer's documents are held against the year from scratch. It needs no running service and touches none.
 */
export async function rehearse(options: RehearsalOptions): Promise<void> {
  const year = yearNamed(options.year);
  const folder = freshFolder(options.data);
  const clock = settableClock(firsts(year)[0] ?? at(0));
  try {
    await using store =
      options.quick === true
        ? memoryStore({ clock })
        : await openStore(duckdbUrl(join(folder, "samples.duckdb")), { token: undefined, clock });
    await using ledger = await embeddedLedger({ folder: join(folder, "ledger"), clock });
    const stage = { store, ledger, clock };
    await begin(stage, year);
    for (const turn of turnsOf(year)) await live(stage, turn, year);
    const rehearsed = await resultsOf(stage, year);
    print(rehearsed, options);
    if (rehearsed.some(isWrong)) process.exitCode = 1;
  } finally {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function yearNamed(text: string | undefined): number {
  if (text === undefined) return new Date().getUTCFullYear() - 1;
  if (!/^(19|20)\d{2}$/.test(text)) throw new Refused(`not a year such as 2025: ${text}`);
  return Number(text);
}

/** Only where nothing is: a ledger that is in use must never be given another's clock. */
function freshFolder(data: string | undefined): string {
  if (data === undefined) return mkdtempSync(join(tmpdir(), "raingauge-rehearsal-"));
  const folder = resolve(data);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Refused(`${folder} is not empty: a rehearsal needs a folder of its own`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

interface Stage {
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly clock: SettableClock;
}

async function begin({ ledger }: Stage, year: number): Promise<void> {
  // Who is ahead of UTC begins the year before it.
  const before = instant(`${year - 1}-12-01T00:00:00Z`);
  await ledger.publish(bookOf("1", "0.05"), before);
  for (const account of CUSTOMERS) await ledger.recordAccount(account, before);
}

/** A turn of the schedule, with what was told since the one before. */
interface Turn {
  readonly at: Instant;
  readonly told: readonly Told[];
  /** Looking back costs the most, and nothing is told late but in the middle of a month. */
  readonly looksBack: boolean;
}

function turnsOf(year: number): Turn[] {
  const all = yearOf(year);
  const moments = firsts(year).flatMap((first) => [1.5, 2.5, 16.5].map((day) => at(first + (day - 1) * DAY_MS)));
  return moments.map((moment, index) => ({
    at: moment,
    told: all.filter((each) => each.at <= moment && each.at > (moments[index - 1] ?? 0)),
    looksBack: index % 3 === 2,
  }));
}

async function live({ store, ledger, clock }: Stage, turn: Turn, year: number): Promise<void> {
  clock.set(turn.at);
  const batch = {
    samples: turn.told.flatMap(({ samples }) => samples),
    events: [],
    coverage: turn.told.flatMap(({ coverage }) => coverage),
  };
  await store.append([{ position: { stream: "rehearsal", sequence: BigInt(turn.at) }, batch }]);
  await store.rollUp();
  if (turn.at === at(Date.UTC(year, 9, 16, 12)))
    await ledger.publish(bookOf("2", "0.045"), instant(`${year}-08-31T00:00:00Z`));
  const held = (await closeDueMonths({ store, ledger }, TERMS, turn.at)).flatMap(({ held: why, results }) => [
    ...(why === undefined ? [] : [why]),
    ...results.flatMap((each) => (each.outcome === "held" ? [`${each.account}: ${each.reasons.join(", ")}`] : [])),
  ]);
  if (held.length > 0) throw new Error(`held at ${iso(turn.at)}: ${held.join("; ")}`);
  if (turn.looksBack) await reconcileMonths({ store, ledger }, TERMS, turn.at);
}

async function resultsOf(stage: Stage, year: number): Promise<Rehearsed[]> {
  const scratch = await fromScratch(stage, year);
  const results: Rehearsed[] = [];
  for (const { id, zone } of CUSTOMERS)
    results.push(await resultOf(stage, { id, zone, scratch: scratch.get(id) ?? 0n }));
  return results;
}

async function resultOf(
  { store, ledger }: Stage,
  { id, zone, scratch }: { readonly id: string; readonly zone: string; readonly scratch: bigint },
): Promise<Rehearsed> {
  const documents = await ledger.invoices({ account: id }, EVERYTHING);
  const of = (kind: IssuedInvoice["invoice"]["kind"]) => documents.filter(({ invoice }) => invoice.kind === kind);
  const failed: string[] = [];
  for (const { number } of documents)
    if ((await verify({ store, ledger }, number, EVERYTHING))?.passed !== true) failed.push(number);
  return {
    account: id,
    zone,
    invoices: of("invoice").length,
    credits: of("credit-note").length,
    debits: of("debit-note").length,
    began: of("invoice").map(({ invoice }) => iso(invoice.period.start)),
    total: formatMinor(
      documents.reduce((sum, { invoice }) => sum + invoice.total, 0n),
      "EUR",
    ),
    fromScratch: formatMinor(scratch, "EUR"),
    failed,
  };
}

/** What each customer's year would be billed as if nothing had been billed yet. */
async function fromScratch({ store, ledger }: Stage, year: number): Promise<ReadonlyMap<string, bigint>> {
  const totals = new Map<string, bigint>();
  for (let month = 1; month <= 12; month += 1) {
    const period = monthNamed(`${year}-${String(month).padStart(2, "0")}`, TERMS.zone);
    for (const each of (await draftInvoices({ store, ledger }, { ...TERMS, period })).filter(isDrafted))
      totals.set(each.account, (totals.get(each.account) ?? 0n) + each.draft.invoice.total);
  }
  return totals;
}

const isWrong = ({ invoices, total, fromScratch, failed }: Rehearsed): boolean =>
  invoices !== 12 || total !== fromScratch || failed.length > 0;

function print(rehearsed: readonly Rehearsed[], { json }: RehearsalOptions): void {
  const rows = rehearsed.map((each) => [
    each.account,
    each.zone,
    String(each.invoices),
    String(each.credits),
    String(each.debits),
    each.total,
    each.fromScratch,
    each.failed.length === 0 ? "all verified" : `FAILED: ${each.failed.join(", ")}`,
  ]);
  const head = ["account", "zone", "invoices", "credit notes", "debit notes", "total EUR", "from scratch", ""];
  process.stdout.write(json === true ? `${JSON.stringify({ accounts: rehearsed })}\n` : `${table(head, rows, 2)}\n`);
}
