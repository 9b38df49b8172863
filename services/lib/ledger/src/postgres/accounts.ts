import { type Account, at, type Instant, iso, type Placement, type Scope, versionAt } from "@raingauge/domain";
import { accountDigest, decodeAccount, encodeAccount, placementsDigest } from "@raingauge/wire";
import { type Kysely, type Selectable, sql } from "kysely";
import { refuseSuperseded, seesAccount } from "../account.ts";
import type { AccountVersion, Ledger } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import type { Tables } from "./tables.ts";

export function accounts(
  db: Kysely<Tables>,
  clock: LedgerOptions["clock"],
): Pick<Ledger, "recordAccount" | "accounts" | "accountByDigest" | "place" | "placements"> {
  const newestFirst = db.selectFrom("accounts").selectAll().orderBy("id", "desc");
  const record = async (
    writing: Kysely<Tables>,
    account: Account,
    validFrom: Instant,
    over?: string,
  ): Promise<AccountVersion> => {
    const digest = accountDigest(account);
    const versions = await writing
      .selectFrom("accounts")
      .selectAll()
      .where("account", "=", account.id)
      .orderBy("id", "desc")
      .execute();
    const mine = versions.map(versionOf);
    refuseSuperseded(mine[0], over);
    const known = versionAt(mine, validFrom);
    if (known?.digest === digest) return known;
    const row = {
      account: account.id,
      digest,
      valid_from: iso(validFrom),
      recorded_at: iso(clock()),
      document: encodeAccount(account),
    };
    return versionOf(await writing.insertInto("accounts").values(row).returningAll().executeTakeFirstOrThrow());
  };
  return {
    async recordAccount(account, validFrom, over) {
      if (over === undefined) return record(db, account, validFrom);
      return db.transaction().execute(async (writing) => {
        // Nobody adds a version between this look and this writing, whether they say over which or not.
        await sql`lock table accounts in share row exclusive mode`.execute(writing);
        return record(writing, account, validFrom, over);
      });
    },
    async accounts(scope: Scope) {
      return (await newestFirst.execute()).map(versionOf).filter(({ account }) => seesAccount(scope, account));
    },
    async accountByDigest(digest) {
      const row = await newestFirst.where("digest", "=", digest).executeTakeFirst();
      return row && versionOf(row);
    },
    async place({ project, domain, since }, over) {
      const row = { project, domain, since: iso(since) };
      const write = (writing: Kysely<Tables>) => writing.insertInto("placements").values(row).execute();
      if (over === undefined) return void (await write(db));
      await db.transaction().execute(async (writing) => {
        await sql`lock table placements in share row exclusive mode`.execute(writing);
        refuseSuperseded({ digest: placementsDigest(await placements(writing), project) }, over);
        await write(writing);
      });
    },
    placements: () => placements(db),
  };
}

async function placements(db: Kysely<Tables>): Promise<readonly Placement[]> {
  const rows = await db.selectFrom("placements").selectAll().orderBy("id").execute();
  return rows.map(({ project, domain, since }) => ({ project, domain, since: at(since.getTime()) }));
}

const versionOf = ({ document, digest, valid_from, recorded_at }: Selectable<Tables["accounts"]>): AccountVersion => ({
  account: decodeAccount(document),
  validFrom: at(valid_from.getTime()),
  recordedAt: at(recorded_at.getTime()),
  digest,
});
