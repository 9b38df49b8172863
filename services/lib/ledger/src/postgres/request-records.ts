import { at, iso } from "@raingauge/domain";
import { type Kysely, sql } from "kysely";
import type { LedgerOptions } from "../options.ts";
import { BEGUN_MS, KEPT_ANSWER_MS, type RequestRecords } from "../requests/records.ts";
import type { Tables } from "./tables.ts";

export function requestRecords(db: Kysely<Tables>, clock: LedgerOptions["clock"]): RequestRecords {
  return {
    async audit({ request, caller = null, user = null, role = null, method, path, status, from }) {
      const row = { request, caller, user_id: user, role, method, path, status, source: from, at: iso(clock()) };
      await db.insertInto("audit_log").values(row).execute();
    },
    async audited({ before, limit }) {
      let wanted = db.selectFrom("audit_log").selectAll().orderBy("sequence", "desc").limit(limit);
      if (before !== undefined) wanted = wanted.where("sequence", "<", String(before));
      const rows = await wanted.execute();
      return rows.map(({ sequence, at: moment, user_id, source, caller, role, ...rest }) => ({
        ...rest,
        sequence: BigInt(sequence),
        at: at(moment.getTime()),
        from: source,
        ...(caller === null ? {} : { caller }),
        ...(user_id === null ? {} : { user: user_id }),
        ...(role === null ? {} : { role }),
      }));
    },
    async beginWrite({ caller, key, digest }) {
      const now = clock();
      await db
        .deleteFrom("named_writes")
        .where((where) =>
          where.or([
            where("begun_at", "<", new Date(now - KEPT_ANSWER_MS)),
            where.and([where("status", "is", null), where("begun_at", "<", new Date(now - BEGUN_MS))]),
          ]),
        )
        .execute();
      const begun = await db
        .insertInto("named_writes")
        .values({ caller, key, digest, begun_at: iso(now) })
        .onConflict((conflict) => conflict.doNothing())
        .returning("key")
        .executeTakeFirst();
      if (begun !== undefined) return "begun";
      const known = await db
        .selectFrom("named_writes")
        .select(["digest", "status", "content_type", "body"])
        .where("caller", "=", caller)
        .where("key", "=", key)
        .executeTakeFirst();
      if (known === undefined) return "in progress";
      if (known.digest !== digest) return "other";
      const { status, content_type: contentType, body } = known;
      return status === null || contentType === null || body === null ? "in progress" : { status, contentType, body };
    },
    async finishWrite({ caller, key }, answer) {
      if (answer === undefined) {
        await db.deleteFrom("named_writes").where("caller", "=", caller).where("key", "=", key).execute();
        return;
      }
      const { status, contentType, body } = answer;
      await db
        .updateTable("named_writes")
        .set({ status, content_type: contentType, body, begun_at: sql`${iso(clock())}::timestamptz` })
        .where("caller", "=", caller)
        .where("key", "=", key)
        .execute();
    },
  };
}
