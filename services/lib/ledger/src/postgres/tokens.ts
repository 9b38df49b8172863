import { type Kysely, sql } from "kysely";
import { alreadyGranted } from "../issuing.ts";
import type { Ledger } from "../ledger.ts";
import { newToken, tokenHash } from "../token.ts";
import type { Tables } from "./tables.ts";

export function tokens(db: Kysely<Tables>): Pick<Ledger, "grant" | "caller" | "revoke"> {
  return {
    async grant({ name, role, projects }) {
      const token = newToken();
      const row = { hash: tokenHash(token), name, role, projects: [...projects] };
      const granted = await db
        .insertInto("tokens")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning("name")
        .executeTakeFirst();
      if (granted === undefined) throw alreadyGranted(name);
      return token;
    },
    async caller(token) {
      const held = db.selectFrom("tokens").select(["name", "role", "projects"]).where("hash", "=", tokenHash(token));
      return held.where("revoked_at", "is", null).executeTakeFirst();
    },
    async revoke(name) {
      const held = db.updateTable("tokens").set({ revoked_at: sql`now()` }).where("name", "=", name);
      return (await held.where("revoked_at", "is", null).returning("name").executeTakeFirst()) !== undefined;
    },
  };
}
