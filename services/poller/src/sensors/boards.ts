import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { isObject, type Payload, type RedfishAddress } from "@raingauge/openstack";
import { parse } from "yaml";
import type { FarBoard } from "./ipmitool.ts";

/** The management board of one host, and how it is asked. */
export type Board = { readonly host: string } & (
  | { readonly by: "redfish"; readonly address: RedfishAddress }
  | { readonly by: "ipmi"; readonly address: FarBoard }
);

/** What is wrong with a file of boards, all of it at once, and never what stands in it as a password. */
export class BoardsUnreadable extends Error {
  override readonly name = "BoardsUnreadable";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}

/** A file of `boards:`, each with `host`, `url`, `user` and `password_file`. Throws BoardsUnreadable. */
export function boardsIn(file: string): readonly Board[] {
  const said = contentOf(file);
  const list = isObject(said) ? said["boards"] : undefined;
  if (!Array.isArray(list)) throw new BoardsUnreadable([`${file} has no list of boards`]);
  const problems: string[] = [];
  const boards = list.flatMap((each: unknown, index) => {
    const problem = (sentence: string): void => void problems.push(`${file}: board ${index + 1} ${sentence}`);
    if (isObject(each)) return boardOf(each, problem) ?? [];
    problem("is no map");
    return [];
  });
  const hosts = boards.map(({ host }) => host);
  for (const host of new Set(hosts.filter((each, index) => hosts.indexOf(each) !== index)))
    problems.push(`${file}: ${host} has two boards`);
  if (problems.length > 0) throw new BoardsUnreadable(problems);
  return boards;
}

const KEYS: ReadonlySet<string> = new Set(["host", "url", "user", "password_file", "ca_file", "verify"]);

function boardOf(said: Payload, problem: (sentence: string) => void): Board | undefined {
  let isGood = true;
  const wrong = (sentence: string): undefined => {
    isGood = false;
    problem(sentence);
  };
  for (const key of Object.keys(said))
    if (!KEYS.has(key)) wrong(`has no setting ${key}; it has ${[...KEYS].join(", ")}`);
  const text = (key: string): string => {
    const value = said[key];
    if (typeof value === "string" && value !== "") return value;
    wrong(`needs ${key}`);
    return "";
  };
  const file = (key: string): string => {
    const value = text(key);
    if (value !== "" && !isAbsolute(value)) wrong(`needs an absolute path as ${key}`);
    return value;
  };
  const [host, user, url, passwordFile] = [text("host"), text("user"), text("url"), file("password_file")];
  const caFile = said["ca_file"] === undefined ? undefined : file("ca_file");
  const verify = said["verify"] ?? true;
  if (typeof verify !== "boolean") wrong("says neither true nor false as verify");
  const named = URL.canParse(url) ? new URL(url) : undefined;
  // Without TLS the password would go through the network as it is.
  if (url !== "" && (named === undefined || !["https:", "ipmi:"].includes(named.protocol)))
    wrong("needs a url that begins with https: or ipmi:");
  if (named !== undefined && (named.username !== "" || named.password !== ""))
    wrong("must not have credentials in its url");
  if (!isGood || named === undefined) return undefined;
  if (named.protocol === "ipmi:")
    return { host, by: "ipmi", address: { host: named.hostname, port: named.port || "623", user, passwordFile } };
  const password = (): string => readFileSync(passwordFile, "utf8").replace(/\r?\n$/, "");
  return { host, by: "redfish", address: { url: named.origin, user, password, caFile, verify: verify === true } };
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    // What is wrong with YAML is shown with the line that it stands in, which somebody may have put a password in.
    const isYaml = error instanceof Error && error.name.startsWith("YAML");
    throw new BoardsUnreadable([`${file} cannot be read: ${isYaml ? "it is not YAML" : String(error)}`]);
  }
}
