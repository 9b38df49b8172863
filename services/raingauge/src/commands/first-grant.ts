import { at } from "@raingauge/domain";
import type { Caller } from "@raingauge/ledger";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { type Environment, PREFIX, url } from "@raingauge/runtime";
import { Refused } from "../client.ts";

const LEDGER_URL = url("LEDGER_URL", { schemes: ["postgres:", "postgresql:"] });

/**
 * Makes a token straight in the ledger that RAINGAUGE_LEDGER_URL names: where the processes run apart, somebody has to be the
 * first who may ask the API for one. Whoever knows that address could write there anyway.
 */
export async function grantInLedger(caller: Caller, env: Environment): Promise<string> {
  await using ledger = await postgresLedger({ url: ledgerUrl(env), clock: () => at(Date.now()) });
  return ledger.grant(caller);
}

function ledgerUrl(env: Environment): string {
  const problems: string[] = [];
  const { href } = LEDGER_URL.read(
    (name) => env[PREFIX + name]?.trim() || undefined,
    (problem) => problems.push(problem),
  );
  if (problems.length > 0) throw new Refused(problems.join("\n"));
  return href;
}
