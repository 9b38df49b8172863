import { canonicalName, type Override, overrideProblems, type PriceBook, priceProblems } from "@raingauge/domain";
import { z } from "zod";
import { AgreedEntry, type Fault, faultsOf, ONE, type ReadPrice, readPrice, sentence } from "./price-entry.ts";
import { FeeEntry } from "./price-fee.ts";
import { bookDiscount, discountTerms, minimum, text } from "./price-terms.ts";
import { type Place, readYaml } from "./yaml.ts";

/** Something wrong in a price book's file, and where. */
export interface BookProblem {
  /** From 1. */
  readonly line: number;
  /** E.g. `prices[2].where.flavor`; empty for the whole file. */
  readonly path: string;
  readonly says: string;
}

/** A file is no price book. It says all that is wrong at once, so that nobody has to publish in order to find out. */
export class PriceBookError extends Error {
  override readonly name = "PriceBookError";
  readonly problems: readonly BookProblem[];

  constructor(file: string, problems: readonly BookProblem[]) {
    super(
      problems.map(({ line, path, says }) => `${file}:${line}: ${path === "" ? "" : `${path}: `}${says}`).join("\n"),
    );
    this.problems = problems;
  }
}

/**
 * Reads a price book as people write it. Every number is read from its digits as they stand in the file, never through a
 * float: 0.1 is a tenth. `file` names it in what is said of problems. Throws PriceBookError.
 */
export function parsePriceBook(yamlText: string, file: string): PriceBook {
  const { book, problems } = readPriceBook(yamlText);
  if (book === undefined) throw new PriceBookError(file, problems);
  return book;
}

/** A book that can be published, or all that is wrong with it; `at` says where in the file a place is. */
export function readPriceBook(yamlText: string): ReadBook {
  const yaml = readYaml(yamlText);
  const at = (place: Place, says: string): BookProblem => ({ line: yaml.lineOf(place), path: written(place), says });
  if (yaml.broken.length > 0) return { book: undefined, problems: yaml.broken, at };
  const { book, faults } = readBook(yaml.value);
  const problems = faults.map(({ place, says }) => at(place, says)).toSorted((a, b) => a.line - b.line);
  return { book: problems.length === 0 ? book : undefined, problems, at };
}

export interface ReadBook {
  readonly book: PriceBook | undefined;
  readonly problems: readonly BookProblem[];
  readonly at: (place: Place, says: string) => BookProblem;
}

function readBook(value: unknown): { book: PriceBook; faults: readonly Fault[] } {
  const strict = Head.safeParse(value, { error: sentence });
  const { prices: entries, discount, ...terms } = strict.data ?? LenientHead.parse(value);
  const read = entries.map(readPrice);
  const book: PriceBook = {
    ...terms,
    ...discountTerms(discount),
    prices: read.map(({ price }) => price),
    free: terms.free.map(canonicalName),
  };
  const own = [
    ...faultsOf(strict.error),
    ...read.flatMap(({ faults }, index) => faults.map((fault) => inPrice(fault, index))),
  ];
  return {
    book,
    faults: [...own, ...judged(book, read).filter(({ place }) => !own.some((fault) => isWithin(fault.place, place)))],
  };
}

/**
 * What the domain says of the prices that could be read, all of them together. A broken one is judged by itself, for what
 * stands in for its broken parts must not be held against its neighbours; only its article number is its own.
 */
function judged(book: PriceBook, read: readonly ReadPrice[]): Fault[] {
  const [sound, broken] = split([...read.keys()], (index) => read[index]?.faults.length === 0);
  const { overrides: _, ...common } = book;
  const part = (chosen: readonly number[]): PriceBook => ({
    ...common,
    prices: chosen.flatMap((index) => book.prices[index] ?? []),
  });
  const judge = (chosen: readonly number[]): Fault[] =>
    priceProblems(part(chosen)).map(({ path, says }) => ({ place: original(path, chosen), says }));
  return [
    ...judge(sound).filter((fault) => !isNumbering(fault)),
    ...broken.flatMap((index) => judge([index]).filter(({ place }) => place[0] === "prices")),
    ...judge([...read.keys()]).filter(isNumbering),
    ...overrideProblems(book).map(({ path, says }) => ({ place: path, says })),
  ];
}

const isNumbering = ({ place }: Fault): boolean => place.at(-1) === "sku";

function split<T>(all: readonly T[], chosen: (each: T) => boolean): [T[], T[]] {
  return [all.filter(chosen), all.filter((each) => !chosen(each))];
}

function original(path: Place, chosen: readonly number[]): Place {
  const [head, index, ...rest] = path;
  return head === "prices" && typeof index === "number" ? ["prices", chosen[index] ?? index, ...rest] : path;
}

const inPrice = ({ place, says }: Fault, index: number): Fault => ({ place: ["prices", index, ...place], says });

const isWithin = (inner: Place, outer: Place): boolean => outer.every((step, index) => inner[index] === step);

const OverrideEntry = z
  .strictObject({
    account: z.exactOptional(text).describe("For whom: an account, or a project, whose terms go before its account's."),
    project: z.exactOptional(text),
    discount: z.exactOptional(bookDiscount).describe("Instead of the discount on the whole book."),
    minimum: z.exactOptional(minimum).describe("Instead of the book's minimum."),
    fees: z
      .exactOptional(z.array(FeeEntry))
      .describe("Besides the book's fees; one of the same article number takes its place."),
    prices: z.record(z.string(), AgreedEntry).default({}).describe("By article number, what is otherwise."),
  })
  .transform(
    ({ discount, ...rest }): Override => ({
      ...rest,
      ...discountTerms(discount),
    }),
  );

export const Head = z.strictObject({
  name: text.describe("Books of one name supersede each other; `standard` prices usage unless it is set otherwise."),
  version: text.describe("Published once and never changed: a change of price is another version."),
  currency: text.describe("An ISO 4217 code, such as EUR."),
  month: z
    .enum(["calendar", "730h"])
    .describe("Which month a price per month means: the calendar month's own length, or 730 hours always."),
  discount: z
    .exactOptional(bookDiscount)
    .describe(
      "Off everything that a project pays, as a line of its own: `5 %`, `{ amount: 5.00 }`, or `{ amount: 5.00, scope: account }` for all projects of an account together.",
    ),
  minimum: z
    .exactOptional(minimum)
    .describe(
      "What every project that is charged anything pays at least; with `scope: account`, what an account pays at least, used or not.",
    ),
  fees: z
    .exactOptional(z.array(FeeEntry))
    .describe("What is owed month after month, or in longer cycles, whatever is used."),
  overrides: z
    .exactOptional(z.array(OverrideEntry))
    .describe("What was agreed with single accounts and projects, instead of what the book says to everybody."),
  attributes: z
    .exactOptional(z.record(z.string(), z.record(z.string(), z.record(z.string(), text))))
    .describe(
      "What is known of flavors, images and other values of dimensions, for prices to ask: `flavor: { g1.large: { accelerator: a100 } }` lets `where` say `flavor.accelerator: a100`.",
    ),
  prices: z.array(z.unknown()),
  free: z.array(text).default([]).describe("Meters that are deliberately not charged for."),
});

/** What is missing or broken at the top is replaced, so that the prices below it are judged all the same. */
const LenientHead = z
  .object({
    name: text.catch(""),
    version: text.catch(""),
    currency: text.catch("EUR"),
    month: Head.shape.month.catch("calendar"),
    discount: z.exactOptional(bookDiscount.catch(ONE)),
    minimum: z.exactOptional(minimum.catch({ amount: ONE })),
    fees: Head.shape.fees.catch([]),
    attributes: Head.shape.attributes.catch({}),
    overrides: Head.shape.overrides.catch([]),
    prices: Head.shape.prices.catch([]),
    free: Head.shape.free.catch([]),
  })
  .catch({ name: "", version: "", currency: "EUR", month: "calendar", prices: [], free: [] });

/** `prices[2].where.flavor` */
const written = (place: Place): string =>
  place.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`)).join("");
