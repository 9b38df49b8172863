import { iso, priceWarnings } from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import { encodePriceBook, parsePriceBook } from "@raingauge/wire";
import { z } from "zod";
import { ADMINS, ANYBODY } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { MomentText } from "../period-query.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "books" | "publish">;
}

const BookView = z.object({
  name: z.string(),
  version: z.string(),
  currency: z.string(),
  validFrom: z.string().describe("The next book of the name ends it."),
  publishedAt: z.string(),
  digest: z.string().describe("What an invoice pins."),
  warnings: z.array(z.string()).readonly().describe("What may be meant, and would surprise whoever pays."),
  content: z.unknown().describe("The book itself, every number exact: whole numbers as digits, fractions as n/d."),
});

/** A generous price book has some thousand prices; this is ten times that. */
const BOOK_BYTES_MAX = 2 * 1024 * 1024;

export const priceBookRoutes: Routes<Collaborators> = async (app, { ledger }) => {
  app.addContentTypeParser(
    ["application/yaml", "text/yaml"],
    { parseAs: "string", bodyLimit: BOOK_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );

  const list = {
    summary: "The published price books",
    querystring: z.object(PageQuery),
    response: { 200: pageOf(BookView) },
  };
  app.get("/v1/price-books", { schema: list, config: { admits: ANYBODY } }, async (request) => {
    const books = await ledger.books();
    return page(
      books.map(viewBook),
      ({ name, validFrom, version }) => JSON.stringify([name, validFrom, version]),
      request.query,
    );
  });

  const publish = {
    summary: "Publishes a price book, which is never changed from then on",
    consumes: ["application/yaml"],
    querystring: z.object({ validFrom: MomentText.describe("From when it prices usage.") }),
    body: z.string().describe("The price book in YAML."),
    response: { 201: BookView },
  };
  app.post("/v1/price-books", { schema: publish, config: { admits: ADMINS } }, async (request, reply) => {
    const book = parsePriceBook(request.body, "price-book.yaml");
    return reply.code(201).send(viewBook(await ledger.publish(book, request.query.validFrom)));
  });
};

const viewBook = ({ book, validFrom, publishedAt, digest }: PublishedBook): z.input<typeof BookView> => ({
  name: book.name,
  version: book.version,
  currency: book.currency,
  validFrom: iso(validFrom),
  publishedAt: iso(publishedAt),
  digest,
  warnings: priceWarnings(book).map(({ says }) => says),
  content: JSON.parse(encodePriceBook(book)) as unknown,
});
