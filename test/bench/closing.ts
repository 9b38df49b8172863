import { join } from "node:path";
import { E_INVOICES } from "@raingauge/documents";
import { SELLER } from "@raingauge/documents/fixtures";
import { type Account, at, HOUR_MS, type Instant, ownAccount, rational } from "@raingauge/domain";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { eachClosed, eachInvoice } from "@raingauge/rater";
import { duckdbStore } from "@raingauge/store/duckdb";
import { parsePriceBook, viewIssued } from "@raingauge/wire";
import { type Bench, type Benchmark, duration, type Figure, figure, held, rate } from "./benchmark.ts";
import { arrivalsOf } from "./churn.ts";
import { MACHINE_BOOK } from "./machine-book.ts";
import { MONTH } from "./month.ts";
import { timed } from "./stopwatch.ts";

/** A month of many accounts closed, from the readings to documents that somebody can be sent. At scale 100: 10,000 of 50 lines. */
export const closing: Benchmark = {
  name: "closing",
  about: "a month of accounts of 50 lines closed, to JSON and UBL",
  needs: ["postgresql"],
  run: closed,
};

const ACCOUNTS = 100;
const LINES = 50;

const TERMS = { period: MONTH, zone: "UTC", book: "standard" } as const;

async function closed({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const now = at(MONTH.end + 48 * HOUR_MS);
  const clock = () => now;
  await using store = await duckdbStore({ path: join(folder, "closing.duckdb"), clock });
  await using ledger = await postgresLedger({ url: url("postgresql"), clock });
  await ledger.publish(parsePriceBook(MACHINE_BOOK, "bench.yaml"), at(0));
  const accounts = Math.ceil(ACCOUNTS * scale);
  say(`storing a month of ${accounts * LINES} machines of ${accounts} accounts`);
  for (const lot of arrivalsOf({ resources: accounts * LINES, projects: accounts })) await store.append(lot);
  for (let index = 0; index < accounts; index += 1) await ledger.recordAccount(accountOf(index), at(0));
  say("rolling it up");
  await store.rollUp();
  say("working out what is owed");
  const drafting = await timed(() => drafted({ store, ledger }));
  say("closing it");
  const issuing = await timed(() => closedAndWritten({ store, ledger }, now));
  if (issuing.result.documents !== accounts)
    throw new Error(`${issuing.result.documents} of ${accounts} accounts were billed`);
  const live = rate("bills worked out and not issued", "documents/s", accounts, drafting.seconds);
  return [
    held(rate("accounts closed to JSON and UBL", "documents/s", accounts, issuing.seconds), [live]),
    live,
    duration("the month closed to JSON and UBL", issuing.seconds),
    duration("of which its documents were written", issuing.result.seconds),
    figure("most memory meanwhile", "MB", process.resourceUsage().maxRSS / 1_024),
  ];
}

async function drafted(sources: Parameters<typeof eachInvoice>[0]): Promise<void> {
  for await (const _ of eachInvoice(sources, TERMS));
}

/** Each document in both forms as soon as it is issued, and then forgotten. */
async function closedAndWritten(sources: Parameters<typeof eachClosed>[0], now: Instant) {
  const written = { documents: 0, bytes: 0, seconds: 0 };
  for await (const closed of eachClosed(sources, { ...TERMS, allowUnpriced: false }, now)) {
    if (closed.outcome !== "issued") throw new Error(`${closed.account} was not billed: ${JSON.stringify(closed)}`);
    const began = performance.now();
    written.bytes += JSON.stringify(viewIssued(closed.invoice)).length + E_INVOICES.ubl.write([closed.invoice]).length;
    written.seconds += (performance.now() - began) / 1_000;
    written.documents += 1;
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
