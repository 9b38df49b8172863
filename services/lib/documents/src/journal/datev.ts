import { formatMinor, type IssuedInvoice } from "@raingauge/domain";
import { ExportRefused, headed, type Writer } from "../writer.ts";
import { accountNumber, type Chart } from "./chart.ts";
import { type Journal, journalOf, type Posting } from "./journal.ts";

const COLUMNS = [
  "Umsatz (ohne Soll/Haben-Kz)",
  "Soll/Haben-Kennzeichen",
  "WKZ Umsatz",
  "Kurs",
  "Basis-Umsatz",
  "WKZ Basis-Umsatz",
  "Konto",
  "Gegenkonto (ohne BU-Schlüssel)",
  "BU-Schlüssel",
  "Belegdatum",
  "Belegfeld 1",
  "Belegfeld 2",
  "Skonto",
  "Buchungstext",
];

/**
 * A booking batch in DATEV's own format (EXTF 700, category 21), as the bytes that it wants: Windows-1252 and CRLF. Net and tax
 * are booked apart on accounts that reckon no tax by themselves, so that the amounts stay those of the document.
 */
export function datev(chart: Chart): Writer {
  let batch: Batch | undefined;
  return headed(
    (documents) => {
      batch = documents.reduce(stretched, batch);
      return documents
        .map(journalOf)
        .flatMap((journal) => counterpostings(journal).map((posting) => `${row(posting, journal, chart)}\r\n`))
        .join("");
    },
    () => `${header(batch ?? NOTHING, chart)}\r\n${COLUMNS.join(";")}\r\n`,
    windows1252,
  );
}

/** From the first to the last day on which one of its documents was issued. */
interface Batch {
  readonly first: string;
  readonly last: string;
  readonly currency: string;
}

const NOTHING: Batch = { first: "", last: "", currency: "EUR" };

/** An amount in another currency than the batch's needs the rate of its day, which no document tells. */
function stretched(batch: Batch | undefined, { issueDate, invoice: { currency } }: IssuedInvoice): Batch {
  if (batch !== undefined && batch.currency !== currency)
    throw new ExportRefused(
      "DATEV takes documents of one currency in a file, and these are in several: take them one by one, by number",
    );
  return {
    first: batch !== undefined && batch.first < issueDate ? batch.first : issueDate,
    last: batch !== undefined && batch.last > issueDate ? batch.last : issueDate,
    currency,
  };
}

/** A row says its day without a year, so that a batch over two of them would be booked a year too early. */
function yearOf({ first, last }: Batch, begins: string): string {
  const [year, other] = [first, last].map((day) =>
    day.slice(5) >= begins ? day.slice(0, 4) : String(Number(day.slice(0, 4)) - 1),
  );
  if (year !== other)
    throw new ExportRefused(
      "DATEV takes documents of one financial year in a file, and these were issued in two: take them one by one, by number",
    );
  return year ?? "";
}

const compact = (day: string): string => day.replaceAll("-", "");

function header(batch: Batch, { datev: { consultant, client, digits, yearBegins } }: Chart): string {
  const { first, last, currency } = batch;
  const year = first === "" ? "" : `${yearOf(batch, yearBegins)}${yearBegins.replace("-", "")}`;
  return [
    `"EXTF";700;21;"Buchungsstapel";13;${compact(last)}000000000;;"RG";"";"";${consultant};${client};${year};${digits}`,
    `${compact(first)};${compact(last)};"Raingauge ${first.slice(0, 7)}";"";1;0;0;"${currency}";;"";;;"";;;"";""`,
  ].join(";");
}

/** The receivable stands on every row as the account; what is booked against it makes the rows. */
const counterpostings = ({ postings }: Journal): Posting[] =>
  postings.filter(({ account }) => account.kind !== "receivable");

function row(posting: Posting, journal: Journal, chart: Chart): string {
  const amount = posting.credit - posting.debit;
  const [, month = "", day = ""] = journal.date.split("-");
  return [
    formatMinor(amount < 0n ? -amount : amount, journal.currency).replace(".", ","),
    amount < 0n ? `"H"` : `"S"`,
    `"${journal.currency}"`,
    "",
    "",
    `""`,
    accountNumber(chart, journal.receivable),
    accountNumber(chart, posting.account),
    `""`,
    `${day}${month}`,
    quoted(journal.number.replace(/[^A-Za-z0-9$&%*+\-/]/g, "-"), 36),
    quoted(
      compact(journal.due).replace(
        /^(\d{4})(\d{2})(\d{2})$/,
        (_, y: string, m: string, d: string) => `${d}${m}${y.slice(2)}`,
      ),
      12,
    ),
    "",
    quoted(posting.text, 60),
  ].join(";");
}

const quoted = (text: string, most: number): string =>
  `"${text
    .replace(/[\r\n]+/g, " ")
    .slice(0, most)
    .replaceAll('"', '""')}"`;

/** The characters that Windows-1252 has where Latin-1 has controls. */
const WINDOWS: Readonly<Record<string, number>> = {
  "€": 0x80,
  "‚": 0x82,
  ƒ: 0x83,
  "„": 0x84,
  "…": 0x85,
  "†": 0x86,
  "‡": 0x87,
  ˆ: 0x88,
  "‰": 0x89,
  Š: 0x8a,
  "‹": 0x8b,
  Œ: 0x8c,
  Ž: 0x8e,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "•": 0x95,
  "–": 0x96,
  "—": 0x97,
  "˜": 0x98,
  "™": 0x99,
  š: 0x9a,
  "›": 0x9b,
  œ: 0x9c,
  ž: 0x9e,
  Ÿ: 0x9f,
};

/** What the code page does not have is a question mark, as everywhere where it is used. */
const windows1252 = (text: string): Buffer =>
  Buffer.from(
    [...text].map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return WINDOWS[character] ?? (code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : 0x3f);
    }),
  );
