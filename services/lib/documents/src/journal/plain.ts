import { formatMinor } from "@raingauge/domain";
import { csvText, inert } from "../csv/table.ts";
import { accountName } from "./chart.ts";
import type { Journal, Posting } from "./journal.ts";

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
];

/** Every posting as a row; debits and credits of a journal add up to the same. */
export const journalCsv = (journals: readonly Journal[]): string =>
  csvText([
    COLUMNS,
    ...journals.flatMap((journal) =>
      journal.postings.map(({ account, debit, credit, line, project, taxCode, text }, index) => [
        `${journal.number}-${index + 1}`,
        journal.number,
        journal.date,
        accountName(account),
        formatMinor(debit, journal.currency),
        formatMinor(credit, journal.currency),
        journal.currency,
        journal.number,
        line === undefined ? "" : String(line),
        inert(project ?? ""),
        taxCode ?? "",
        inert(text),
      ]),
    ),
  ]);

/** For hledger and ledger. No amount is left to be concluded. */
export const hledger = (journals: readonly Journal[]): string =>
  journals
    .map(
      (journal) =>
        `${journal.date} * (${oneLine(journal.number)}) ${oneLine(journal.customerName)}\n${journal.postings
          .map(
            (posting) =>
              `    ${accountName(posting.account)}  ${signed(posting, journal)}  ; ${oneLine(posting.text)}\n`,
          )
          .join("")}`,
    )
    .join("\n");

/** For Beancount, with the accounts opened that are booked on. */
export function beancount(journals: readonly Journal[]): string {
  const names = new Set(journals.flatMap(({ postings }) => postings.map(({ account }) => accountName(account))));
  const first = journals.map(({ date }) => date).toSorted()[0] ?? "";
  const opened = [...names].toSorted().map((name) => `${first} open ${name}\n`);
  const booked = journals.map(
    (journal) =>
      `\n${journal.date} * "${quotable(journal.customerName)}" "${quotable(journal.text)}" ^${tag(journal.number)}\n${journal.postings
        .map((posting) => `  ${accountName(posting.account)}  ${signed(posting, journal)}\n`)
        .join("")}`,
  );
  return [...opened, ...booked].join("");
}

const signed = ({ debit, credit }: Posting, { currency }: Journal): string =>
  `${formatMinor(debit - credit, currency)} ${currency}`;

/** What would end an entry, or begin a comment in it, is a space. */
const oneLine = (text: string): string => text.replace(/[\r\n;|()]+/g, " ").trim();

const quotable = (text: string): string => text.replace(/[\r\n]+/g, " ").replace(/["\\]/g, "'");

const tag = (text: string): string => text.replace(/[^A-Za-z0-9\-_/.]/g, "-");
