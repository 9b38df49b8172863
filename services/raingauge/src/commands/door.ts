import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Caller, Ledger } from "@raingauge/ledger";
import type { Command } from "commander";
import { type Door, Refused } from "../client.ts";

/** What a running `up` leaves in its data folder, for the tools on the same machine. */
export interface Doorplate {
  readonly url: string;
  readonly natsUrl: string;
}

const PLATE = "door.json";
const TOKEN = "admin.token";

export const hangDoorplate = (folder: string, plate: Doorplate): void =>
  writeFileSync(join(folder, PLATE), `${JSON.stringify(plate)}\n`, { mode: 0o600 });

/**
 * The administrator's token on this machine, readable by its owner alone. Where the file is lost, or the token in it was
 * revoked, another takes its place: whoever may start the service on this folder must never be locked out of it.
 */
export async function adminToken(folder: string, ledger: Pick<Ledger, "caller" | "grant" | "revoke">): Promise<string> {
  const path = join(folder, TOKEN);
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
  if (kept !== undefined && (await ledger.caller(kept)) !== undefined) return kept;
  await ledger.revoke(ADMIN.name);
  const token = await ledger.grant(ADMIN);
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}

const ADMIN: Caller = { name: "admin", role: "admin", projects: [] };

/** The options by which every tool finds the service. */
export const withDoor = (command: Command): Command =>
  command
    .option("--url <url>", "where it answers (default: the one that runs from the data folder)")
    .option("--token-file <file>", "a file with the token (default: RAINGAUGE_TOKEN, or the data folder's own)")
    .option("--data <folder>", "the data folder of a running `up`")
    .option("--json", "print what the API says, as JSON");

export interface DoorOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Finds the service: what was typed, then the environment, then the data folder. Throws Refused with what to do. */
export function doorOf({ url, tokenFile, data }: DoorOptions, { env, dataFolder }: Surroundings): Door {
  const folder = data ?? dataFolder;
  const at = url ?? env["RAINGAUGE_URL"] ?? doorplate(folder)?.url;
  if (at === undefined) {
    throw new Refused(
      `nothing runs from ${folder}: start it with "raingauge up", or say where it is with --url or RAINGAUGE_URL`,
    );
  }
  return {
    url: at,
    token: tokenFile === undefined ? (env["RAINGAUGE_TOKEN"] ?? written(join(folder, TOKEN))) : written(tokenFile),
  };
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataFolder: string;
}

export const doorplate = (folder: string): Doorplate | undefined => {
  const path = join(folder, PLATE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Doorplate) : undefined;
};

function written(path: string): string {
  if (!existsSync(path))
    throw new Refused(`no token: give one in RAINGAUGE_TOKEN or with --token-file (looked for ${path})`);
  return readFileSync(path, "utf8").trim();
}
