import {
  BOOKED,
  type BookedAs,
  type Chart,
  type Exception,
  FACTS,
  type LedgerAccount,
  SKR03,
} from "@raingauge/documents";
import { type Place, readYaml } from "@raingauge/wire";
import { z } from "zod";

export interface ChartProblem {
  readonly line: number;
  readonly path: string;
  readonly says: string;
}

export interface ChartFile {
  /** Absent where anything is wrong: half a chart would book the other half somewhere else. */
  readonly chart?: Chart;
  readonly problems: readonly ChartProblem[];
}

const AccountNumber = z.string("number is missing").regex(/^[0-9]{3,9}$/, "not 3 to 9 digits");

/** What Beancount takes for the name of an account; hledger and ledger take it too. */
const Name = z
  .string()
  .regex(
    /^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)*$/,
    "not a name such as Income:Cloud, which begins with Assets, Liabilities, Equity, Income or Expenses",
  );

const Account = z.strictObject({ number: AccountNumber, name: Name.optional() }, "an account is missing");

const Condition = z.string().min(1).max(100);

const File = z.strictObject({
  name: z.string("name is missing").min(1).max(100),
  accounts: z.strictObject(
    { receivable: Account, internal: Account, revenue: Account, tax: Account, prepaid: Account },
    "accounts is missing",
  ),
  exceptions: z
    .array(
      z.strictObject({
        of: z.enum(BOOKED, `not one of ${BOOKED.join(", ")}`),
        service: Condition.optional(),
        tax: Condition.optional(),
        account: Condition.optional(),
        number: AccountNumber,
        name: Name.optional(),
      }),
    )
    .default([]),
  datev: z
    .strictObject({
      consultant: z.string().regex(/^[1-9][0-9]{3,6}$/, "not 4 to 7 digits"),
      client: z.string().regex(/^[1-9][0-9]{0,4}$/, "not 1 to 5 digits"),
      digits: z.enum(["4", "5", "6", "7", "8"], "not 4 to 8"),
      yearBegins: z
        .string()
        .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, "not a day such as 01-01")
        .optional(),
    })
    .optional(),
  xero: z.strictObject({ taxTypes: z.record(z.string(), z.string().min(1)) }).optional(),
  quickbooks: z.strictObject({ taxCodes: z.record(z.string(), z.string().min(1)) }).optional(),
});
type File = z.output<typeof File>;

/** Reads a chart of accounts, and says all that is wrong with it, by line. Pure. */
export function readChart(text: string): ChartFile {
  const yaml = readYaml(text);
  if (yaml.broken.length > 0) return { problems: yaml.broken };
  const at = (place: Place, says: string): ChartProblem => ({ line: yaml.lineOf(place), path: place.join("."), says });
  const file = File.safeParse(yaml.value);
  if (!file.success)
    return { problems: file.error.issues.map(({ path, message }) => at(path.map(String).map(step), message)) };
  const chart = chartOf(file.data);
  const problems = [
    ...chart.exceptions.flatMap((each, index) => unfit(each).map((says) => at(["exceptions", index], says))),
    ...ties(chart.exceptions).map(([index, says]) => at(["exceptions", index], says)),
    ...(file.data.datev === undefined ? [] : tooLong(chart).map(([place, says]) => at(place, says))),
  ];
  return problems.length > 0 ? { problems } : { chart, problems };
}

/** A list's index is a number again. */
const step = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

function chartOf({ name, accounts, exceptions, datev, xero, quickbooks }: File): Chart {
  const own = Object.fromEntries(
    BOOKED.map((as) => [as, { number: accounts[as].number, name: accounts[as].name ?? SKR03.accounts[as].name }]),
  ) as Record<BookedAs, LedgerAccount>;
  return {
    name,
    accounts: own,
    exceptions: exceptions.map(({ of: as, number, name: called, service, tax, account }) => ({
      as,
      where: {
        ...(service === undefined ? {} : { service }),
        ...(tax === undefined ? {} : { tax }),
        ...(account === undefined ? {} : { account }),
      },
      number,
      name: called ?? own[as].name,
    })),
    datev:
      datev === undefined
        ? SKR03.datev
        : {
            consultant: datev.consultant,
            client: datev.client,
            digits: Number(datev.digits),
            yearBegins: datev.yearBegins ?? SKR03.datev.yearBegins,
          },
    xeroTaxTypes: { ...SKR03.xeroTaxTypes, ...xero?.taxTypes },
    quickBooksTaxCodes: { ...SKR03.quickBooksTaxCodes, ...quickbooks?.taxCodes },
  };
}

/** An exception that could never hold is a mistake, and one without a condition is the rule itself. */
function unfit({ as, where }: Exception): string[] {
  const named = Object.keys(where) as (keyof Exception["where"])[];
  if (named.length === 0) return ["names no service, tax or account: it would be the rule, not an exception"];
  return named
    .filter((fact) => !FACTS[as].includes(fact))
    .map((fact) => `${as} is not booked by ${fact}, only by ${FACTS[as].join(", ")}`);
}

/** Two that name as much and may both hold leave it open which account is meant, unless a third settles where both do. */
function ties(exceptions: readonly Exception[]): [number, string][] {
  return exceptions.flatMap((one, index): [number, string][] =>
    exceptions.slice(0, index).flatMap((other, before): [number, string][] => {
      const both = { ...other.where, ...one.where };
      const agree = Object.entries(other.where).every(([fact, value]) => both[fact as keyof typeof both] === value);
      if (one.as !== other.as || count(one) !== count(other) || !agree) return [];
      const isSettled =
        count(one) < Object.keys(both).length &&
        exceptions.some(
          ({ as, where }) => as === one.as && JSON.stringify(sorted(where)) === JSON.stringify(sorted(both)),
        );
      return isSettled ? [] : [[index, `holds together with exception ${before + 1}, and neither is more particular`]];
    }),
  );
}

const count = ({ where }: Exception): number => Object.keys(where).length;

const sorted = (where: Exception["where"]): [string, string][] =>
  Object.entries(where).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** DATEV tells a debtor from any other account by one digit more. */
function tooLong({ accounts, exceptions, datev: { digits } }: Chart): [Place, string][] {
  const wrong = (as: BookedAs, number: string): string[] => {
    const most = as === "receivable" ? digits + 1 : digits;
    return number.length > most ? [`${number} has more than the ${most} digits that DATEV is told of`] : [];
  };
  return [
    ...BOOKED.flatMap((as) => wrong(as, accounts[as].number).map((says): [Place, string] => [["accounts", as], says])),
    ...exceptions.flatMap(({ as, number }, index) =>
      wrong(as, number).map((says): [Place, string] => [["exceptions", index], says]),
    ),
  ];
}
