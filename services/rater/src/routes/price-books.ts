import { EVERYTHING, type Instant, iso, type PriceBook, permits, priceWarnings, type Scope } from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { encodePriceBook, parsePriceBook, priceBookDigest, priceBookSchema } from "@raingauge/wire";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ADMINS, ANYBODY, MONEY, scopeOf } from "../access.ts";
import { isRetroactive, standingOf } from "../book-history.ts";
import { lint } from "../lint.ts";
import { monthNamed, monthOf } from "../months.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, MomentText, MonthText } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { viewWhatIf, WhatIfView } from "../views/what-if.ts";
import { whatIf } from "../what-if.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "books" | "publish" | "bookAt" | "accounts" | "placements" | "credits">;
  readonly store: Pick<SampleStore, "measure" | "watermark" | "projects">;
  readonly calendar: Calendar;
  readonly book: string;
}

const BookView = z.object({
  name: z.string(),
  version: z.string(),
  currency: z.string(),
  state: z.enum(["scheduled", "in force", "superseded"]),
  validFrom: z.string(),
  validUntil: z.string().optional().describe("When the next book of the name takes its place."),
  publishedAt: z.string().describe("Since when it is known, from whenever it prices usage."),
  digest: z.string().describe("What an invoice pins."),
  warnings: z.array(z.string()).readonly().describe("What may be meant, and would surprise whoever pays."),
  content: z
    .unknown()
    .describe(
      "The book itself, every number exact: whole numbers as digits, fractions as n/d. A reader sees what was agreed with their own projects alone; the digest is over all of it.",
    ),
});

const RemarkView = z.object({
  severity: z.enum(["error", "warning"]),
  line: z.number().int(),
  path: z.string(),
  says: z.string(),
});

const Begins = z
  .union([z.literal("next-month"), MonthText, MomentText])
  .describe("From when it prices usage: an instant, a month, or `next-month`.");

const BookText = z.string().describe("The price book in YAML or JSON; docs/prices.md tells how it is written.");

/** A generous price book has some thousand prices; this is ten times that. */
const BOOK_BYTES_MAX = 2 * 1024 * 1024;

/** As text, whatever it is: a number in it is never to pass through a float. */
const takeBooks = (app: Pick<FastifyInstance, "addContentTypeParser">): unknown =>
  app.addContentTypeParser(
    ["application/yaml", "text/yaml", "application/json"],
    { parseAs: "string", bodyLimit: BOOK_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );

const CONSUMES = ["application/yaml", "application/json"];

export const priceBookRoutes: Routes<Collaborators> = async (app, { ledger, store, calendar, book: name }) => {
  takeBooks(app);
  const viewed = async (published: PublishedBook) =>
    viewBook(published, await ledger.books(), { now: calendar.clock(), scope: EVERYTHING });

  app.get("/v1/price-books/schema.json", { schema: { hide: true }, config: { admits: "public" } }, async (_, reply) =>
    reply.type("application/schema+json").send(priceBookSchema()),
  );

  const list = {
    summary: "The published price books",
    querystring: z.object({ ...sortQuery("validFrom", "publishedAt"), ...PageQuery }),
    response: { 200: pageOf(BookView) },
  };
  app.get("/v1/price-books", { schema: list, config: { admits: ANYBODY } }, async (request) => {
    const books = await ledger.books();
    return page(
      books.map((each) => viewBook(each, books, { now: calendar.clock(), scope: scopeOf(request) })),
      ({ name, validFrom, version }) => JSON.stringify([name, validFrom, version]),
      request.query,
      { validFrom: ({ validFrom }) => validFrom, publishedAt: ({ publishedAt }) => publishedAt },
    );
  });

  const publish = {
    summary: "Publishes a price book, which is never changed from then on",
    consumes: CONSUMES,
    querystring: z.object({
      validFrom: Begins,
      retroactive: z.enum(["true", "false"]).default("false").describe("It may change prices of the past."),
    }),
    body: BookText,
    response: { 201: BookView },
  };
  app.post("/v1/price-books", { schema: publish, config: { admits: ADMINS } }, async (request, reply) => {
    const book = parsePriceBook(request.body, "price-book.yaml");
    const validFrom = beginning(request.query.validFrom, calendar);
    const books = await ledger.books();
    const isKnown = books.some(({ digest }) => digest === priceBookDigest(book));
    if (
      !isKnown &&
      request.query.retroactive !== "true" &&
      isRetroactive(book.name, validFrom, books, calendar.clock())
    )
      throw new Problem("PRICE_BOOK_RETROACTIVE", `it would price usage from ${iso(validFrom)} on`);
    return reply.code(201).send(await viewed(await ledger.publish(book, validFrom)));
  });

  const linted = {
    summary: "All that can be said of a price book before it is published, and what it leaves without a price",
    consumes: CONSUMES,
    querystring: z.object({
      months: z.coerce.number().int().min(0).max(12).default(3).describe("Compared with the usage of so many months."),
    }),
    body: BookText,
    response: { 200: z.object({ publishable: z.boolean(), remarks: z.array(RemarkView).readonly() }) },
  };
  app.post("/v1/price-books/lint", { schema: linted, config: { admits: MONEY } }, async (request) => {
    const { zone, clock } = calendar;
    const remarks = await lint({ store, ledger }, request.body, { zone, now: clock(), months: request.query.months });
    return { publishable: remarks.every(({ severity }) => severity !== "error"), remarks };
  });

  const wondered = {
    summary: "What a month would have cost under another price book: the difference for each project and article",
    consumes: CONSUMES,
    querystring: z.object({ period: MonthText }),
    body: BookText,
    response: { 200: WhatIfView },
  };
  app.post("/v1/price-books/what-if", { schema: wondered, config: { admits: MONEY } }, async (request) => {
    const { period: month } = request.query;
    const terms = { period: monthNamed(month, calendar.zone), zone: calendar.zone, book: name };
    return viewWhatIf(await whatIf({ store, ledger }, parsePriceBook(request.body, "price-book.yaml"), terms), month);
  });
};

function beginning(said: z.output<typeof Begins>, { zone, clock }: Calendar): Instant {
  if (typeof said === "number") return said;
  return said === "next-month" ? monthOf(clock(), zone).end : monthNamed(said, zone).start;
}

interface Viewing {
  readonly now: Instant;
  readonly scope: Scope;
}

function viewBook(
  published: PublishedBook,
  all: readonly PublishedBook[],
  { now, scope }: Viewing,
): z.input<typeof BookView> {
  const { book, validFrom, publishedAt, digest } = published;
  const { state, validUntil } = standingOf(published, all, now);
  return {
    name: book.name,
    version: book.version,
    currency: book.currency,
    state,
    validFrom: iso(validFrom),
    ...(validUntil === undefined ? {} : { validUntil: iso(validUntil) }),
    publishedAt: iso(publishedAt),
    digest,
    warnings: priceWarnings(book).map(({ says }) => says),
    content: JSON.parse(encodePriceBook(seenBy(scope, book))) as unknown,
  };
}

/** What was agreed with one customer is no business of another's. */
function seenBy(scope: Scope, book: PriceBook): PriceBook {
  if (scope.kind === "all" || book.overrides === undefined) return book;
  const own = book.overrides.filter(({ project }) => project !== undefined && permits(scope, project));
  return { ...book, overrides: own };
}
