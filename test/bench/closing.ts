import { join } from "node:path";
import { E_INVOICES } from "@raingauge/documents";
import { at, HOUR_MS, type IssuedInvoice, ownAccount } from "@raingauge/domain";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { closePeriod, draftInvoices } from "@raingauge/rater";
import { duckdbStore } from "@raingauge/store/duckdb";
import { parsePriceBook, viewIssued } from "@raingauge/wire";
import { type Bench, type Benchmark, duration, type Figure, held, rate } from "./benchmark.ts";
import { arrivalsOf } from "./churn.ts";
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

/** A line for each machine; what it sent is not charged. */
const BOOK = `
name: standard
version: "1"
currency: EUR
month: calendar
free: [network.outgoing.bytes]
prices:
  - sku: compute
    description: Machine
    meter: instance
    per: instance hour
    scope: resource
    amount: 0.02
`;

const TERMS = { period: MONTH, zone: "UTC", book: "standard" } as const;

async function closed({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const now = at(MONTH.end + 48 * HOUR_MS);
  const clock = () => now;
  await using store = await duckdbStore({ path: join(folder, "closing.duckdb"), clock });
  await using ledger = await postgresLedger({ url: url("postgresql"), clock });
  await ledger.publish(parsePriceBook(BOOK, "bench.yaml"), at(0));
  const accounts = Math.ceil(ACCOUNTS * scale);
  say(`storing a month of ${accounts * LINES} machines of ${accounts} accounts`);
  for (const lot of arrivalsOf({ resources: accounts * LINES, projects: accounts })) await store.append(lot);
  for (let index = 0; index < accounts; index += 1) await ledger.recordAccount(accountOf(index), at(0));
  say("rolling it up");
  await store.rollUp();
  say("working out what is owed");
  const drafting = await timed(() => draftInvoices({ store, ledger }, TERMS));
  say("closing it");
  const issuing = await timed(() => closePeriod({ store, ledger }, { ...TERMS, allowUnpriced: false }, now));
  const documents = issuing.result.flatMap((each): IssuedInvoice[] => ("invoice" in each ? [each.invoice] : []));
  if (documents.length !== accounts) throw new Error(`${documents.length} of ${accounts} accounts were billed`);
  say("writing them");
  const written = await timed(() =>
    documents.map((issued) => JSON.stringify(viewIssued(issued)).length + E_INVOICES.ubl.write([issued]).length),
  );
  const drafted = rate("bills worked out and not issued", "documents/s", accounts, drafting.seconds);
  return [
    held(rate("accounts closed to JSON and UBL", "documents/s", accounts, issuing.seconds + written.seconds), [
      drafted,
    ]),
    drafted,
    duration("the month closed", issuing.seconds),
    duration("its documents as JSON and UBL", written.seconds),
  ];
}

const accountOf = (index: number) => {
  const project = `project-${String(index).padStart(5, "0")}`;
  return {
    ...ownAccount(`account-${project}`, { zone: "UTC", currency: "EUR", book: "standard" }),
    members: [{ kind: "project" as const, id: project }],
  };
};
