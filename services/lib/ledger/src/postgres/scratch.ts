import { randomBytes } from "node:crypto";
import { at } from "@raingauge/domain";
import pg from "pg";
import type { Subject } from "../conformance/subject.ts";
import type { LedgerOptions } from "../options.ts";
import { postgresLedger } from "./postgres.ts";

/** For suites: an empty database on a running server, under a name of its own. */
export async function scratchDatabase(server: string, template = "template1"): Promise<string> {
  const name = `scratch_${randomBytes(6).toString("hex")}`;
  await select(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** What a suite needs of a ledger on a running server. */
export async function scratchLedger(server: string, options: LedgerOptions): Promise<Subject> {
  const url = await scratchDatabase(server, await templateOn(server));
  return {
    ledger: await postgresLedger({ url, ...options }),
    another: () => postgresLedger({ url, ...options }),
    sql: async (statement) => JSON.stringify(await select(url, statement)),
  };
}

/** A ledger that nobody has written in yet: its tables are made once on each server, and copied for each test. */
function templateOn(server: string): Promise<string> {
  const made = TEMPLATES.get(server) ?? emptyLedger(server);
  TEMPLATES.set(server, made);
  return made;
}

const TEMPLATES = new Map<string, Promise<string>>();

async function emptyLedger(server: string): Promise<string> {
  const url = await scratchDatabase(server);
  const ledger = await postgresLedger({ url, clock: () => at(Date.now()) });
  await ledger[Symbol.asyncDispose]();
  return new URL(url).pathname.slice(1);
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
