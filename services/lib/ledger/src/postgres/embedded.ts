import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Ledger, LedgerConflict } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import { isAlive, occupantOf } from "./embedded/occupant.ts";
import { embeddedServer } from "./embedded/server.ts";
import { postgresLedger } from "./postgres.ts";

export interface EmbeddedOptions extends LedgerOptions {
  /** Everything that the ledger knows rests in here; made if it is not there. */
  readonly folder: string;
}

/**
 * The ledger in a PostgreSQL of its own, whose programs come from npm: a real server, reachable only from this machine and
 * by a password that nobody else knows, started here and stopped with this process however it ends. One process at a time
 * may have a folder; the second one gets a `LedgerConflict` that names the first.
 */
export async function embeddedLedger({ folder, ...options }: EmbeddedOptions): Promise<Ledger> {
  const server = await embeddedServer(folder);
  try {
    const ledger = await postgresLedger({ url: server.url, ...options });
    return {
      ...ledger,
      async [Symbol.asyncDispose]() {
        await ledger[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Throws `LedgerConflict` where a server runs on the folder: its files are then not at rest. */
export function assertVacant(folder: string): void {
  if (!existsSync(folder)) return;
  const occupant = occupantOf(join(realpathSync(folder), "postgresql"));
  if (occupant !== undefined && isAlive(occupant.server))
    throw new LedgerConflict(`the ledger in ${folder} is in use by process ${occupant.holder}`);
}
