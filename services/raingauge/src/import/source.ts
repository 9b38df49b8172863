import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { Refused } from "../client.ts";

/** Another system's API, and as whom it is asked. */
export interface Source {
  readonly url: string;
  readonly token?: string | undefined;
  /** For an API without Keystone, which asks for a name and a password. */
  readonly basic?: string;
}

export interface SourceOptions {
  readonly from: string;
  readonly fromTokenFile?: string;
}

export const withSource = (command: Command, from: string): Command =>
  command
    .requiredOption("--from <where>", from)
    .option(
      "--from-token-file <file>",
      "a file with a Keystone token for it (default: the variable OS_TOKEN; none without either)",
    );

export const sourceOf = (
  { from, fromTokenFile }: SourceOptions,
  env: Readonly<Record<string, string | undefined>>,
): Source => {
  if (!URL.canParse(from) || !/^https?:$/.test(new URL(from).protocol))
    throw new Refused(`${from} is no address such as http://controller:8889`);
  const url = new URL(from);
  const { username, password } = url;
  [url.username, url.password] = ["", ""];
  return {
    url: url.href.replace(/\/+$/, ""),
    ...(username === "" ? {} : { basic: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
    token: fromTokenFile === undefined ? env["OS_TOKEN"] : readFileSync(fromTokenFile, "utf8").trim(),
  };
};

/** Asks for JSON; undefined where there is nothing (404). What goes wrong by chance is asked again. Throws Refused. */
export const fetched = async <T>(source: Source, path: string): Promise<T | undefined> => {
  const response = await reached(source, path, { method: "GET" });
  return response === undefined ? undefined : ((await response.json()) as T);
};

/** Tells JSON, in the same manner. Only for what may be told twice. */
export const posted = async (source: Source, path: string, body: unknown): Promise<void> =>
  void (await reached(source, path, { method: "POST", body: JSON.stringify(body) }));

async function reached(source: Source, path: string, init: RequestInit): Promise<Response | undefined> {
  const { url } = source;
  for (let attempt = 1; ; attempt += 1) {
    const response = await tried(source, path, init);
    if (response?.ok === true) return response;
    if (response?.status === 404) return undefined;
    const isPassing = response === undefined || response.status >= 500 || response.status === 429;
    if (isPassing && attempt < ATTEMPTS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
      continue;
    }
    if (response === undefined) throw new Refused(`nothing answers at ${url}`);
    const advice =
      response.status === 401
        ? ": give a token that has not ended with --from-token-file or OS_TOKEN, and go on with the same command"
        : "";
    throw new Refused(`${url}${path.replace(/\?.*/, "")} answered ${response.status}${advice}`);
  }
}

const ATTEMPTS_MAX = 4;

async function tried({ url, token, basic }: Source, path: string, init: RequestInit): Promise<Response | undefined> {
  const headers = {
    accept: "application/json",
    ...(init.body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { "x-auth-token": token }),
    ...(basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString("base64")}` }),
  };
  try {
    return await fetch(`${url}${path}`, { ...init, headers });
  } catch {
    return undefined;
  }
}
