import { formatMinor } from "@raingauge/domain";
import { inert } from "../csv/table.ts";
import { headed, listed, table, type Writer } from "../writer.ts";
import { accountName, accountNumber, type Chart } from "./chart.ts";
import { type Journal, journalOf, type Posting } from "./journal.ts";

const COLUMNS = [
  "posting_id",
  "journal_id",
  "date",
  "account",
  "debit",
  "credit",
  "currency",
  "invoice",
  "line",
  "project",
  "tax_code",
  "text",
  // Last, because somebody may count columns.
  "account_number",
];

/** Every posting as a row; debits and credits of a journal add up to the same. */
export const journalCsv = (chart: Chart): Writer =>
  table(COLUMNS, (documents) =>
    documents
      .map(journalOf)
      .flatMap((journal) => journal.postings.map((each, index) => row(each, index, journal, chart))),
  );

const row = (
  { account, debit, credit, line, project, taxCode, text }: Posting,
  index: number,
  { number, date, currency }: Journal,
  chart: Chart,
): string[] => [
  `${number}-${index + 1}`,
  number,
  date,
  accountName(chart, account),
  formatMinor(debit, currency),
  formatMinor(credit, currency),
  currency,
  number,
  line === undefined ? "" : String(line),
  inert(project ?? ""),
  taxCode ?? "",
  inert(text),
  accountNumber(chart, account),
];

/** For hledger and ledger. No amount is left to be concluded. */
export const hledger = (chart: Chart): Writer =>
  listed(
    (documents) =>
      documents
        .map(journalOf)
        .map(
          (journal) =>
            `${journal.date} * (${oneLine(journal.number)}) ${oneLine(journal.customerName)}\n${journal.postings
              .map(
                (posting) =>
                  `    ${accountName(chart, posting.account)}  ${signed(posting, journal)}  ; ${oneLine(posting.text)}\n`,
              )
              .join("")}`,
        ),
    { between: "\n" },
  );

/** For Beancount, with the accounts opened that are booked on. */
export function beancount(chart: Chart): Writer {
  const names = new Set<string>();
  let first: string | undefined;
  const entry = (journal: Journal): string => {
    if (first === undefined || journal.date < first) first = journal.date;
    const postings = journal.postings.map((posting) => {
      const name = accountName(chart, posting.account);
      names.add(name);
      return `  ${name}  ${signed(posting, journal)}\n`;
    });
    return `\n${journal.date} * "${quotable(journal.customerName)}" "${quotable(journal.text)}" ^${tag(journal.number)}\n${postings.join("")}`;
  };
  return headed(
    (documents) => documents.map((issued) => entry(journalOf(issued))).join(""),
    () =>
      [...names]
        .toSorted()
        .map((name) => `${first} open ${name}\n`)
        .join(""),
  );
}

const signed = ({ debit, credit }: Posting, { currency }: Journal): string =>
  `${formatMinor(debit - credit, currency)} ${currency}`;

/** What would end an entry, or begin a comment in it, is a space. */
const oneLine = (text: string): string => text.replace(/[\r\n;|()]+/g, " ").trim();

const quotable = (text: string): string => text.replace(/[\r\n]+/g, " ").replace(/["\\]/g, "'");

const tag = (text: string): string => text.replace(/[^A-Za-z0-9\-_/.]/g, "-");
