import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Subject } from "../conformance/subject.ts";
import type { LedgerOptions } from "../options.ts";
import { postgresLedger } from "./postgres.ts";

/** For suites: an empty database on a running server, under a name of its own. */
export async function scratchDatabase(server: string): Promise<string> {
  const name = `scratch_${randomBytes(6).toString("hex")}`;
  await select(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** What a suite needs of a ledger on a running server. */
export async function scratchLedger(server: string, options: LedgerOptions): Promise<Subject> {
  const url = await scratchDatabase(server);
  return {
    ledger: await postgresLedger({ url, ...options }),
    another: () => postgresLedger({ url, ...options }),
    sql: async (statement) => JSON.stringify(await select(url, statement)),
  };
}

export async function select(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
