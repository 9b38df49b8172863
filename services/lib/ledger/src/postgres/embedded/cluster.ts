import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Account, accountFor } from "./account.ts";
import { programs } from "./programs.ts";

/** A folder with a database cluster in it, and what it takes to run it. */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly programs: string;
  readonly account: Account | undefined;
  readonly password: string;
}

export const USER = "raingauge";

export async function clusterIn(said: string): Promise<Cluster> {
  mkdirSync(said, { recursive: true });
  const folder = realpathSync(said);
  const data = join(folder, "postgresql");
  const account = accountFor(data);
  const place = { folder, data, account, programs: programs(folder) };
  if (!existsSync(data)) await create(place);
  return { ...place, password: readFileSync(join(data, PASSWORD), "utf8") };
}

/** Rests in the data itself, so that the two are made, moved and removed as one. */
const PASSWORD = "raingauge.password";

/** Like the programs, a cluster gets its name when it is whole, and of two that are made at once the first one stays. */
async function create(place: Omit<Cluster, "password">): Promise<void> {
  const fresh = mkdtempSync(`${place.data}-`);
  own(fresh, place.account);
  try {
    await initialise(fresh, place);
    renameSync(fresh, place.data);
  } catch (error) {
    rmSync(fresh, { recursive: true });
    if (!existsSync(place.data)) throw error;
  }
}

async function initialise(fresh: string, { account, programs }: Omit<Cluster, "password">): Promise<void> {
  const letter = mkdtempSync(join(tmpdir(), "raingauge-"));
  const password = randomBytes(32).toString("base64url");
  try {
    own(letter, account);
    write(join(letter, PASSWORD), password, account);
    const args = ["-D", dataArgument(fresh), `--username=${USER}`, `--pwfile=${join(letter, PASSWORD)}`, ...TERMS];
    await promisify(execFile)(join(programs, "initdb"), args, { cwd: fresh, env: ENVIRONMENT, ...account });
    write(join(fresh, PASSWORD), password, account);
  } finally {
    rmSync(letter, { recursive: true });
  }
}

/** The same on every system: sorted by code point, told apart by nothing that an upgrade of the system could change. */
const TERMS = [
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--locale=C.UTF-8",
  "--lc-messages=C",
];

/** Nothing of ours is inherited: an operator's PGDATA or PGPORT is meant for another server. */
export const ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

function write(file: string, text: string, account: Account | undefined): void {
  writeFileSync(file, text, { mode: 0o600 });
  own(file, account);
}

function own(path: string, account: Account | undefined): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}

/**
 * How a program is told where the data is: by its own working folder, under a name that leads there without passing the
 * folders above. Thus the data stays where the operator put it, also where the account that we chose could not get to by
 * the path (root's own home, 0700). Systems without /proc go by the path.
 */
export const dataArgument = (data: string): string => (process.platform === "linux" ? "/proc/self/cwd" : data);
