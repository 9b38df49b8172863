import { sheetIn, textIn } from "@raingauge/documents/read-back";
import { type Account, instant, ownAccount, parseDecimal } from "@raingauge/domain";
import { parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { busyCloud, ZONE } from "./fixtures/cloud.ts";

const party = (name: string, id: string) => ({
  name,
  vatId: id,
  endpoint: { scheme: "9930", id },
  address: { lines: ["1 High Street"], city: "Bonn", postcode: "53111", country: "DE" },
});

const OAKS: Account = {
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  mode: "external",
  seller: party("Cloud AG", "DE111111111"),
  buyer: party("Oaks Ltd", "DE222222222"),
  buyerReference: "oaks",
  taxes: [{ category: "S", rate: parseDecimal("19") }],
  members: [
    { kind: "project", id: "acme" },
    { kind: "project", id: "globex" },
  ],
  closing: { allowUnpriced: true },
};

/** Rows as RFC 4180 has them, by the names in the first. */
function rowsIn(csv: string): Record<string, string>[] {
  const cellsOf = (line: string): string[] =>
    [...`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g)].map(
      ([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain,
    );
  const [names = [], ...rows] = csv.trimEnd().split("\r\n").map(cellsOf);
  return rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
}

/** Cents, added up without a float. */
const cents = (figures: readonly string[]): bigint =>
  figures.reduce((sum, figure) => {
    const { numerator, denominator } = parseDecimal(figure === "" ? "0" : figure);
    return sum + (numerator * 100n) / denominator;
  }, 0n);

const matched = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, figure = ""]) => figure);

it("one invoice comes to the same to the cent in every form in which it can be had, and its credit note to as much less", async () => {
  const cloud = await busyCloud();
  await cloud.ledger.recordAccount(OAKS, instant("2026-01-01T00:00:00Z"));
  const { ask, app } = await api(cloud);
  await ask("admin", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  const [{ number, total, net }] = (await ask("finance", "/v1/invoices")).json().items;
  await ask("finance", `/v1/invoices/${number}/void`, { method: "POST", payload: { reason: "all of it" } });
  const note = (await ask("finance", "/v1/invoices")).json().items[1];
  const of = async (document: string, format: string) =>
    (await ask("finance", `/v1/invoices/${document}/documents/${format}`)).rawPayload;

  /** What each form says is owed, read from its bytes. */
  const owed = async (document: string): Promise<Record<string, bigint>> => {
    const text = async (format: string): Promise<string> => (await of(document, format)).toString("utf8");
    const columns = async (format: string, column: string): Promise<bigint> =>
      cents(rowsIn(await text(format)).map((row) => row[column] ?? ""));
    const [heading = [], ...sheet] = sheetIn(await of(document, "xlsx"));
    const journal = rowsIn(await text("journal")).filter(({ account }) => account?.startsWith("Assets:Receivable"));
    const batch = (await text("datev"))
      .split("\r\n")
      .slice(2, -1)
      .map((row) => row.split(";"));
    // The heading says it too; the last one stands below the lines.
    const shown = (page: string): bigint => {
      const sums = page.replaceAll("\u00a0", " ").replaceAll("−", "-");
      return cents(matched(sums, /Total\s*(?:<[^>]*>\s*)*(-?\d+\.\d\d) EUR/g).slice(-1));
    };
    return {
      pdf: shown(textIn(await of(document, "pdf"))),
      page: shown(await text("html")),
      xlsx: cents(sheet.map((row) => row[heading.indexOf("amount")] ?? "")),
      lines: await columns("lines", "amount"),
      ubl: cents(matched(await text("ubl"), /<cbc:PayableAmount[^>]*>([^<]*)/g)),
      cii: cents(matched(await text("cii"), /<ram:DuePayableAmount>([^<]*)/g)),
      focus: await columns("focus", "BilledCost"),
      journal: cents(journal.map(({ debit = "" }) => debit)) - cents(journal.map(({ credit = "" }) => credit)),
      hledger: cents(matched(await text("hledger"), /Assets:Receivable:\S+ {2}(\S+) EUR/g)),
      beancount: cents(matched(await text("beancount"), /Assets:Receivable:\S+ {2}(\S+) EUR/g)),
      datev: cents(batch.map(([amount = "", side]) => `${side === '"H"' ? "-" : ""}${amount.replace(",", ".")}`)),
    };
  };

  const all = cents([total]);
  expect(all).toBeGreaterThan(0n);
  expect(cents([note.total])).toBe(-all);
  expect(await owed(number)).toEqual(Object.fromEntries(FORMS.map((form) => [form, all])));
  // An electronic credit note says how much is given back, and not how much less is owed.
  expect(await owed(note.number)).toEqual(
    Object.fromEntries(FORMS.map((form) => [form, form === "ubl" || form === "cii" ? all : -all])),
  );

  // What works the tax out itself is given the net amounts; and a period's files are its documents together.
  const sum = async (url: string, column: string): Promise<bigint> =>
    cents(rowsIn((await ask("finance", url)).body).map((row) => row[column] ?? ""));
  const base = `/v1/invoices/${number}/documents`;
  expect(await sum(`${base}/xero`, "*UnitAmount")).toBe(cents([net]));
  expect(await sum(`${base}/xero`, "TaxAmount")).toBe(all - cents([net]));
  expect(await sum(`${base}/quickbooks`, "*ItemAmount")).toBe(cents([net]));
  expect(await sum(`${base}/quickbooks`, "ItemTaxAmount")).toBe(all - cents([net]));
  expect(await sum("/v1/exports/lines?period=2026-03", "amount")).toBe(0n);
  expect(await sum("/v1/exports/focus?period=2026-03", "BilledCost")).toBe(0n);
  const parquet = (await ask("finance", "/v1/exports/focus?period=2026-03&dataset=invoice-detail&encoding=parquet"))
    .rawPayload;
  const rows = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
  const mine = rows.filter((row) => row["InvoiceId"] === number);
  expect(cents(mine.map((row) => String(row["BilledCost"])))).toBe(all);
  await app.close();
});

const FORMS = ["pdf", "page", "xlsx", "lines", "ubl", "cii", "focus", "journal", "hledger", "beancount", "datev"];
