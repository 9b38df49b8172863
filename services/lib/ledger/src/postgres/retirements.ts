import { at, iso } from "@raingauge/domain";
import type { Kysely, Selectable } from "kysely";
import type { LedgerOptions } from "../options.ts";
import type { KeptRetirement, Retirements } from "../retirements/records.ts";
import type { Tables } from "./tables.ts";

export const retirements = (db: Kysely<Tables>, clock: LedgerOptions["clock"]): Retirements => ({
  async retireAgent({ region, source, agent, at: moment, by, note }) {
    const row = { region, source, agent, retired_at: iso(moment), said_by: by, note, said_at: iso(clock()) };
    return wordOf(await db.insertInto("agent_retirements").values(row).returningAll().executeTakeFirstOrThrow());
  },
  async retirements() {
    return (await db.selectFrom("agent_retirements").selectAll().orderBy("id").execute()).map(wordOf);
  },
});

const wordOf = (row: Selectable<Tables["agent_retirements"]>): KeptRetirement => ({
  region: row.region,
  source: row.source,
  agent: row.agent,
  at: at(row.retired_at.getTime()),
  by: row.said_by,
  note: row.note,
  saidAt: at(row.said_at.getTime()),
});
