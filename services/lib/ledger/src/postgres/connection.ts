import { accessSync, constants } from "node:fs";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Tables } from "./tables.ts";

/**
 * A pool of connections. A connection that breaks is no event of its own: whoever uses it next gets an error from that very
 * call, and whoever does not never notices. Without a listener each would end the process.
 */
export function connection(url: string): Kysely<Tables> {
  const pool = new pg.Pool({
    connectionString: checked(url),
    application_name: "raingauge",
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    keepAlive: true,
  });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

const CONNECTIONS_MAX = 8;
const CONNECT_TIMEOUT_MILLISECONDS = 10_000;

/** What a setting that names the database must be. The files that it may name are the driver's to read, and ours to look for. */
export const LEDGER_URL = {
  schemes: ["postgres:", "postgresql:"],
  problems: ({ searchParams }: URL): string[] =>
    ["sslrootcert", "sslcert", "sslkey"].flatMap((name) => {
      const file = searchParams.get(name);
      return file === null || isReadable(file) ? [] : [`names a file as ${name} that cannot be read: ${file}`];
    }),
};

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Checked here, because the driver's own complaint would quote the whole URL, password and all. */
export function checked(url: string): string {
  if (URL.canParse(url) && LEDGER_URL.schemes.includes(new URL(url).protocol)) return url;
  throw new RangeError("the database's address is not of the form postgresql://user:password@host:port/database");
}
