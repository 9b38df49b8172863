import { at, iso } from "@raingauge/domain";
import { decodePriceBook, encodePriceBook, priceBookDigest } from "@raingauge/wire";
import type { Kysely, Selectable } from "kysely";
import { alreadyPublished } from "../issuing.ts";
import type { Ledger, PublishedBook } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import type { Tables } from "./tables.ts";

export function books(
  db: Kysely<Tables>,
  clock: LedgerOptions["clock"],
): Pick<Ledger, "publish" | "books" | "bookAt" | "bookByDigest"> {
  const newestFirst = db.selectFrom("price_books").selectAll().orderBy("id", "desc");
  return {
    async publish(book, validFrom) {
      const { name, version } = book;
      const digest = priceBookDigest(book);
      const row = {
        name,
        version,
        digest,
        valid_from: iso(validFrom),
        published_at: iso(clock()),
        document: encodePriceBook(book),
      };
      await db
        .insertInto("price_books")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const published = publishedOf(
        await newestFirst.where("name", "=", name).where("version", "=", version).executeTakeFirstOrThrow(),
      );
      if (published.digest !== digest || published.validFrom !== validFrom) throw alreadyPublished(book);
      return published;
    },
    async books() {
      return (await newestFirst.execute()).map(publishedOf);
    },
    async bookAt(name, moment, knownAt) {
      let begun = db
        .selectFrom("price_books")
        .selectAll()
        .where("name", "=", name)
        .where("valid_from", "<=", new Date(moment));
      if (knownAt !== undefined) begun = begun.where("published_at", "<=", new Date(knownAt));
      const row = await begun.orderBy("valid_from", "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
      return row && publishedOf(row);
    },
    async bookByDigest(digest) {
      const row = await newestFirst.where("digest", "=", digest).executeTakeFirst();
      return row && publishedOf(row);
    },
  };
}

const publishedOf = ({
  document,
  digest,
  valid_from,
  published_at,
}: Selectable<Tables["price_books"]>): PublishedBook => ({
  book: decodePriceBook(document),
  digest,
  validFrom: at(valid_from.getTime()),
  publishedAt: at(published_at.getTime()),
});
