import { StoreUnavailable } from "../store.ts";
import { rowsOf } from "./csv.ts";
import type { InfluxdbAddress } from "./server.ts";

/** What is there now, sentence by sentence, and the token for the processes where one was made. */
export interface Initialised {
  readonly told: readonly string[];
  readonly token?: string;
}

/** What the operator must decide: nothing here changes what others made. */
export class InitialiseRefused extends Error {
  override readonly name = "InitialiseRefused";
}

/**
 * Makes what a store in InfluxDB needs: of 2.x the bucket, which keeps for ever, its mapping for InfluxQL and a token that may
 * read and write this bucket alone; of 1.x the database. What is there already is left as it is, and made sure of.
 */
export async function initialiseInfluxdb(address: InfluxdbAddress): Promise<Initialised> {
  const door = knocking(address);
  const version = (await door.call("GET", "ping")).headers.get("x-influxdb-version") ?? "";
  const major = /^v?(\d+)\./.exec(version)?.[1];
  if (major === "1") return { told: [`InfluxDB ${version}`, ...(await database(door, address.bucket))] };
  if (major === "2") return bucket(door, address, version);
  throw new InitialiseRefused(
    `the server calls itself ${JSON.stringify(version)}, which is neither InfluxDB 1 nor 2: make the database yourself`,
  );
}

interface Door {
  call(method: string, path: string, body?: object | URLSearchParams): Promise<Response>;
  /** The answer as JSON, of a shape that the API of version 2 documents. */
  json<T>(method: string, path: string, body?: object): Promise<T>;
  ask(influxql: string): Promise<readonly Readonly<Record<string, string>>[]>;
}

function knocking({ url, token }: InfluxdbAddress): Door {
  const base = url.endsWith("/") ? url : `${url}/`;
  const call: Door["call"] = async (method, path, body) => {
    const headers: Record<string, string> = { accept: path === "query" ? "application/csv" : "application/json" };
    if (token !== undefined) headers["authorization"] = `Token ${token}`;
    if (body !== undefined && !(body instanceof URLSearchParams)) headers["content-type"] = "application/json";
    const sent = body === undefined || body instanceof URLSearchParams ? body : JSON.stringify(body);
    const request = { method, headers, ...(sent === undefined ? {} : { body: sent }) };
    try {
      return await fetch(new URL(path, base), { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (error) {
      throw new StoreUnavailable("InfluxDB cannot be reached now", { cause: error });
    }
  };
  const accepted = async (response: Response): Promise<string> => {
    const said = await response.text();
    if (!response.ok) throw new InitialiseRefused(`InfluxDB refuses (${response.status}): ${said.slice(0, 300)}`);
    return said;
  };
  return {
    call,
    json: async (method, path, body) => JSON.parse(await accepted(await call(method, path, body))),
    ask: async (q) => rowsOf(await accepted(await call("POST", "query", new URLSearchParams({ q })))),
  };
}

const PATIENCE_MS = 30_000;

async function database(door: Door, name: string): Promise<string[]> {
  const quoted = `"${name.replaceAll(/["\\]/g, "\\$&")}"`;
  await door.ask(`create database ${quoted} with duration inf name "autogen"`);
  const policies = await door.ask(`show retention policies on ${quoted}`);
  const standard = policies.find((policy) => policy["default"] === "true");
  if (standard?.["duration"] !== "0s")
    throw new InitialiseRefused(
      `the database ${name} keeps for ${standard?.["duration"] ?? "nobody knows how long"}; bills need it to keep for ever: alter retention policy "${standard?.["name"]}" on ${quoted} duration inf`,
    );
  return [`the database ${name} is there and keeps for ever (retention policy ${standard["name"]})`];
}

async function bucket(door: Door, { bucket: name, organization = "raingauge" }: InfluxdbAddress, version: string) {
  const orgID = await organizationOf(door, organization);
  const { id, made } = await bucketOf(door, orgID, name);
  const mapped = await mapping(door, { orgID, bucketID: id, database: name });
  const token = await tokenFor(door, { orgID, bucketID: id, name });
  return {
    told: [
      `InfluxDB ${version}`,
      `the bucket ${name} of ${organization} ${made ? "was made" : "is there"} and keeps for ever`,
      `InfluxQL ${mapped ? "was told to know" : "knows"} it as the database ${name}`,
      "a token was made that reads and writes this bucket and nothing else",
    ],
    token,
  };
}

async function organizationOf(door: Door, name: string): Promise<string> {
  const { orgs } = await door.json<{ orgs: { id: string; name: string }[] }>(
    "GET",
    `api/v2/orgs?${new URLSearchParams({ org: name })}`,
  );
  const found = orgs.find((each) => each.name === name);
  if (found === undefined) throw new InitialiseRefused(`there is no organization ${name} that this token may see`);
  return found.id;
}

interface Bucket {
  readonly id: string;
  readonly name: string;
  readonly retentionRules: readonly { readonly everySeconds: number }[];
}

async function bucketOf(door: Door, orgID: string, name: string): Promise<{ id: string; made: boolean }> {
  const { buckets } = await door.json<{ buckets: Bucket[] }>(
    "GET",
    `api/v2/buckets?${new URLSearchParams({ orgID, name })}`,
  );
  const there = buckets.find((each) => each.name === name);
  if (there === undefined) {
    const made = await door.json<Bucket>("POST", "api/v2/buckets", { orgID, name, retentionRules: [] });
    return { id: made.id, made: true };
  }
  const seconds = there.retentionRules.find(({ everySeconds }) => everySeconds > 0)?.everySeconds;
  if (seconds !== undefined)
    throw new InitialiseRefused(
      `the bucket ${name} keeps for ${seconds} s; bills need it to keep for ever: influx bucket update --id ${there.id} --retention 0`,
    );
  return { id: there.id, made: false };
}

interface Place {
  readonly orgID: string;
  readonly bucketID: string;
}

async function mapping(
  door: Door,
  { orgID, bucketID, database: name }: Place & { database: string },
): Promise<boolean> {
  const { content } = await door.json<{ content: { bucketID: string; database: string; default: boolean }[] }>(
    "GET",
    `api/v2/dbrps?${new URLSearchParams({ orgID, db: name })}`,
  );
  const standard = content.find((each) => each.default);
  if (standard !== undefined && standard.bucketID !== bucketID)
    throw new InitialiseRefused(`InfluxQL knows another bucket (${standard.bucketID}) as the database ${name}`);
  if (standard !== undefined) return false;
  const rule = { orgID, bucketID, database: name, retention_policy: "autogen", default: true };
  await door.json("POST", "api/v2/dbrps", rule);
  return true;
}

/** Whoever reads by InfluxQL must also be allowed to see the mapping. */
async function tokenFor(door: Door, { orgID, bucketID, name }: Place & { name: string }): Promise<string> {
  const of = (action: string, type: string, id?: string) => ({
    action,
    resource: { type, orgID, ...(id === undefined ? {} : { id }) },
  });
  const permissions = [of("read", "buckets", bucketID), of("write", "buckets", bucketID), of("read", "dbrp")];
  const { token } = await door.json<{ token: string }>("POST", "api/v2/authorizations", {
    orgID,
    description: `Raingauge: bucket ${name}`,
    permissions,
  });
  return token;
}
