import { type Kysely, sql } from "kysely";
import type { Ledger } from "../ledger.ts";
import type { Tables } from "./tables.ts";

/** By the database's clock, because the clocks of those who want the lease may differ by more than its length. */
export function leases(db: Kysely<Tables>): Pick<Ledger, "lease"> {
  return {
    async lease(name, holder, seconds) {
      const { rows } = await sql`
        insert into leases (name, holder, expires_at)
        values (${name}, ${holder}, clock_timestamp() + make_interval(secs => ${seconds}))
        on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
        where leases.holder = excluded.holder or leases.expires_at <= clock_timestamp()
        returning holder`.execute(db);
      return rows.length === 1;
    },
  };
}
