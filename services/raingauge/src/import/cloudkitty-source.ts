import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { ForeignDatabaseUnread, rowsOfTables } from "@raingauge/ledger/foreign";
import { Refused } from "../client.ts";
import { rulesOfApi, type TheirRules } from "./cloudkitty-rules.ts";
import { CLOUDKITTY_TABLES, rulesOfTables } from "./cloudkitty-tables.ts";
import { type Source, type SourceOptions, sourceOf } from "./source.ts";
import { readDump } from "./sql/dump.ts";

/** A CloudKitty, as far as it can be asked: its rules always, what it rated only where its API answers. */
export interface CloudKitty {
  readonly api?: Source;
  rules(): Promise<TheirRules>;
}

/** By what `--from` names: an API, a PostgreSQL database, or the file of a dump. Throws Refused. */
export function cloudKittyOf(options: SourceOptions, env: Readonly<Record<string, string | undefined>>): CloudKitty {
  const { from } = options;
  if (/^postgres(ql)?:\/\//.test(from)) return { rules: () => rulesOfDatabase(from) };
  if (/^(mysql|mariadb)(\+\w+)?:\/\//.test(from))
    throw new Refused(
      "there is no driver for MySQL here: write a dump with `mysqldump --single-transaction cloudkitty > cloudkitty.sql`, and name that file",
    );
  if (existsSync(from)) return { rules: () => rulesOfFile(from) };
  if (!/^\w+:\/\//.test(from))
    throw new Refused(`there is no file ${from}, and it is no address such as http://controller:8889 either`);
  const api = sourceOf(options, env);
  return { api, rules: () => rulesOfApi(api) };
}

async function rulesOfFile(path: string): Promise<TheirRules> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
  await file.close();
  if (buffer.subarray(0, 5).toString("latin1") === "PGDMP")
    throw new Refused(`${path} is pg_dump's own format: write it as SQL, with \`pg_dump --format=plain\``);
  if (buffer.subarray(0, 15).toString("latin1") === "SQLite format 3")
    throw new Refused(`${path} is a database: write it as SQL, with \`sqlite3 ${path} .dump\``);
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) throw new Refused(`${path} is packed: unpack it with gunzip`);
  return rulesOfTables(await readDump(createReadStream(path, "latin1"), new Set(CLOUDKITTY_TABLES)));
}

async function rulesOfDatabase(url: string): Promise<TheirRules> {
  try {
    return rulesOfTables({ tables: await rowsOfTables(url, CLOUDKITTY_TABLES), unread: [] });
  } catch (error) {
    if (error instanceof ForeignDatabaseUnread) throw new Refused(`CloudKitty's database: ${error.message}`);
    throw error;
  }
}
