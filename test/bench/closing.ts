import { join } from "node:path";
import { E_INVOICES } from "@raingauge/documents";
import { SELLER } from "@raingauge/documents/fixtures";
import { type Account, at, HOUR_MS, type Instant, type IssuedInvoice, ownAccount, rational } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { scratchDatabase } from "@raingauge/ledger/scratch";
import { eachClosed, eachInvoice } from "@raingauge/rater";
import { duckdbStore } from "@raingauge/store/duckdb";
import { parsePriceBook, viewIssued } from "@raingauge/wire";
import { type Bench, type Benchmark, duration, type Figure, figure, held, rate } from "./benchmark.ts";
import { arrivalsOf } from "./churn.ts";
import { MACHINE_BOOK } from "./machine-book.ts";
import { MONTH } from "./month.ts";
import { timed } from "./stopwatch.ts";

/** A month of many bills closed, from the readings to documents that somebody can be sent. At scale 100: 10,000 of 50 lines. */
export const closing: Benchmark = {
  name: "closing",
  about: "a month of projects and of accounts of 50 lines closed, to JSON and to UBL",
  needs: ["postgresql"],
  run: closed,
};

const BILLS = 100;
const LINES = 50;

const TERMS = { period: MONTH, zone: "UTC", book: "standard", allowUnpriced: false } as const;

async function closed({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const now = at(MONTH.end + 48 * HOUR_MS);
  const clock = () => now;
  await using store = await duckdbStore({ path: join(folder, "closing.duckdb"), clock });
  const bills = Math.ceil(BILLS * scale);
  say(`storing a month of ${bills * LINES} machines of ${bills} projects`);
  for (const lot of arrivalsOf({ resources: bills * LINES, projects: bills })) await store.append(lot);
  say("rolling it up");
  await store.rollUp();
  const ledgerOf = async (accounts: readonly Account[]): Promise<Ledger> => {
    const ledger = await postgresLedger({ url: await scratchDatabase(url("postgresql")), clock });
    await ledger.publish(parsePriceBook(MACHINE_BOOK, "bench.yaml"), at(0));
    for (const account of accounts) await ledger.recordAccount(account, at(0));
    return ledger;
  };
  await using plain = await ledgerOf([]);
  say("working out what is owed");
  const drafting = await timed(() => drafted({ store, ledger: plain }));
  say("closing projects to JSON");
  const inside = await timed(() => issuedAndWritten({ store, ledger: plain }, now, [json]));
  say("closing accounts to JSON and UBL");
  await using recorded = await ledgerOf(Array.from({ length: bills }, (_, index) => accountOf(index)));
  const outside = await timed(() => issuedAndWritten({ store, ledger: recorded }, now, [json, E_INVOICES.ubl.write]));
  for (const { result } of [inside, outside])
    if (result.documents !== bills) throw new Error(`${result.documents} of ${bills} were billed`);
  const live = rate("bills worked out and not issued", "documents/s", bills, drafting.seconds);
  return [
    held(rate("projects closed to JSON", "documents/s", bills, inside.seconds), [live]),
    duration("the month of projects closed to JSON", inside.seconds),
    held(rate("accounts closed to JSON and UBL", "documents/s", bills, outside.seconds), [live]),
    live,
    duration("the month closed to JSON and UBL", outside.seconds),
    duration("of which its documents were written", outside.result.seconds),
    figure("most memory meanwhile", "MB", process.resourceUsage().maxRSS / 1_024),
  ];
}

async function drafted(sources: Parameters<typeof eachInvoice>[0]): Promise<void> {
  for await (const _ of eachInvoice(sources, TERMS));
}

type Form = (documents: readonly [IssuedInvoice]) => { readonly length: number };

const json: Form = ([document]) => JSON.stringify(viewIssued(document));

/** Each document in each form as soon as it is issued, and then forgotten. */
async function issuedAndWritten(
  sources: Parameters<typeof eachClosed>[0],
  now: Instant,
  forms: readonly Form[],
): Promise<{ readonly documents: number; readonly seconds: number }> {
  const written = { documents: 0, bytes: 0, seconds: 0 };
  for await (const closed of eachClosed(sources, TERMS, now)) {
    if (closed.outcome !== "issued") throw new Error(`${closed.account} was not billed: ${JSON.stringify(closed)}`);
    const began = performance.now();
    for (const form of forms) written.bytes += form([closed.invoice]).length;
    written.documents += 1;
    written.seconds += (performance.now() - began) / 1_000;
  }
  return written;
}

/** Outside the house, so that each invoice is held against every rule of EN 16931 and Peppol before it is issued. */
const accountOf = (index: number): Account => {
  const project = `project-${String(index).padStart(5, "0")}`;
  return {
    ...ownAccount(`account-${project}`, { zone: "UTC", currency: "EUR", book: "standard" }),
    mode: "external",
    members: [{ kind: "project", id: project }],
    seller: SELLER,
    buyer: { ...SELLER, name: `Buyer ${index}`, vatId: "DE987654321", endpoint: { id: "DE987654321", scheme: "9930" } },
    taxes: [{ category: "S", rate: rational(19n) }],
    dueDays: 14,
    buyerReference: `reference-${index}`,
    paymentTerms: "Within 14 days",
  };
};
