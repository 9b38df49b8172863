import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lookAtLedger } from "@raingauge/ledger/look";
import { Refused } from "../client.ts";

/** One consistent picture of the ledger's database, taken while it is in use. */
export const dumpLedger = (url: URL, file: string): Promise<void> => run("pg_dump", [...DUMP, `--file=${file}`], url);

/** Only into a database that has no ledger yet: two would be mixed. */
export async function restoreLedger(url: URL, file: string): Promise<void> {
  const { isEmpty } = await lookAtLedger(url.href);
  if (!isEmpty) throw new Refused("the database that RAINGAUGE_LEDGER_URL names has a ledger in it; give an empty one");
  await run("pg_restore", [...RESTORE, `--dbname=${url.pathname.slice(1)}`, file], url);
}

const DUMP = ["--format=custom", "--no-owner", "--no-privileges"] as const;
const RESTORE = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"] as const;

/** The password goes by the environment, where no other user of the machine sees it. */
async function run(program: string, args: readonly string[], url: URL): Promise<void> {
  const { hostname, port, username, password, pathname, searchParams } = url;
  const sslmode = searchParams.get("sslmode");
  const env = {
    PATH: "/usr/bin:/bin:/usr/local/bin",
    LC_ALL: "C",
    PGHOST: decodeURIComponent(hostname),
    PGPORT: port === "" ? "5432" : port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(sslmode === null ? {} : { PGSSLMODE: sslmode }),
  };
  try {
    await promisify(execFile)(program, [...args], { env });
  } catch (error) {
    throw new Refused(sentence(program, error));
  }
}

function sentence(program: string, error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT")
    return `${program} is not on this machine; install it (Debian: apt-get install postgresql-client), no older than the server`;
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : String(error);
  return `${program} failed: ${said}`;
}
