import { pathToFileURL } from "node:url";
import type { Instant } from "@raingauge/domain";
import { clickhouseStore } from "./clickhouse/clickhouse.ts";
import { clickhouseSchema } from "./clickhouse/initialise.ts";
import type { ClickhouseAddress } from "./clickhouse/server.ts";
import { duckdbStore } from "./duckdb/duckdb.ts";
import { influxdbStore } from "./influxdb/influxdb.ts";
import type { SampleStore } from "./store.ts";

export interface OpenOptions {
  readonly clock: () => Instant;
  /** What an InfluxDB asks for, of 1.x `user:password`; of a ClickHouse the password. */
  readonly token?: string | undefined;
}

/**
 * Opens the store that a URL names: `duckdb:/var/lib/raingauge/samples.duckdb`, an InfluxDB by
 * `influxdb+https://host:8086/bucket?organization=acme`, or a ClickHouse by `clickhouse+https://user@host:8443/raingauge`.
 */
export async function openStore(url: URL, { clock, token }: OpenOptions): Promise<SampleStore> {
  const problems = storeProblems(url);
  if (problems.length > 0) throw new Error(`the store's URL ${problems.join(", and ")}`);
  if (url.protocol === DUCKDB) return duckdbStore({ path: decodeURIComponent(url.pathname), clock });
  if (isClickhouse(url)) return clickhouseStore({ ...clickhouseAddress(url, token), clock });
  return influxdbStore({ ...influxdbAddress(url), ...(token === undefined ? {} : { token }), clock });
}

export const duckdbUrl = (path: string): URL => new URL(`${DUCKDB}${pathToFileURL(path).pathname}`);

/** The file that a URL names, if it names one. */
export const duckdbPath = (url: URL): string | undefined =>
  url.protocol === DUCKDB ? decodeURIComponent(url.pathname) : undefined;

/** All that keeps a URL from naming a store, each to be read after its name. It may hold a password, so it is not repeated. */
export function storeProblems(url: URL): readonly string[] {
  if (url.protocol === DUCKDB) return duckdbProblems(url);
  if (isInfluxdb(url)) return influxdbProblems(url);
  if (isClickhouse(url)) return clickhouseProblems(url);
  return [`must begin with ${STORE_URL.schemes.join(" or ")}`];
}

const DUCKDB = "duckdb:";
const INFLUXDB: readonly string[] = ["influxdb+http:", "influxdb+https:"];
const CLICKHOUSE: readonly string[] = ["clickhouse+http:", "clickhouse+https:"];

/** The commands that make the tables of a store which has to be made; undefined where a store makes itself. */
export function storeSchema(url: URL): readonly string[] | undefined {
  if (!isClickhouse(url)) return undefined;
  const { database, cluster } = clickhouseAddress(url, undefined);
  return clickhouseSchema(database, cluster);
}

/** What a setting that names a store must be. */
export const STORE_URL = { schemes: [DUCKDB, ...INFLUXDB, ...CLICKHOUSE], problems: storeProblems } as const;

const duckdbProblems = ({ host, pathname, search, hash }: URL): string[] => [
  ...(host === "" && /^\/.*[^/]$/.test(pathname) && isDecodable(pathname)
    ? []
    : ["must name a file by its absolute path, as in duckdb:/var/lib/raingauge/samples.duckdb"]),
  ...(search === "" && hash === "" ? [] : ["must end with the path (? and # in it are written %3F and %23)"]),
];

const influxdbProblems = ({ host, pathname, username, password, searchParams, hash }: URL): string[] => [
  ...(host === "" ? ["must name a host, as in influxdb+http://host:8086/bucket"] : []),
  ...(/^\/[^/]+$/.test(pathname) && isDecodable(pathname) ? [] : ["must name one bucket after the host"]),
  ...(username === "" && password === "" ? [] : ["must not carry a user or a password (they belong into the token)"]),
  ...([...searchParams.keys()].every((key) => key === "organization") ? [] : ["may say nothing but ?organization="]),
  ...(searchParams.getAll("organization").every((name) => name !== "") && searchParams.size < 2
    ? []
    : ["must name one organization or none"]),
  ...(hash === "" ? [] : ["must not have a # (in a name it is written %23)"]),
];

const clickhouseProblems = ({ host, pathname, username, password, searchParams, hash }: URL): string[] => [
  ...(host === "" ? ["must name a host, as in clickhouse+http://host:8123/raingauge"] : []),
  ...(/^\/[^/]+$/.test(pathname) && isDecodable(pathname) ? [] : ["must name one database after the host"]),
  ...(username === "" || isDecodable(username) ? [] : ["must name a user that can be read (a % in it is written %25)"]),
  ...(password === "" ? [] : ["must not carry a password (it is the token)"]),
  ...([...searchParams.keys()].every((key) => key === "cluster") ? [] : ["may say nothing but ?cluster="]),
  ...(searchParams.getAll("cluster").every((name) => name !== "") && searchParams.size < 2
    ? []
    : ["must name one cluster or none"]),
  ...(hash === "" ? [] : ["must not have a # (in a name it is written %23)"]),
];

function isDecodable(written: string): boolean {
  try {
    return decodeURIComponent(written) !== "";
  } catch {
    return false;
  }
}

export const isInfluxdb = (url: URL): boolean => INFLUXDB.includes(url.protocol);

export function influxdbAddress({ protocol, host, pathname, searchParams }: URL) {
  const organization = searchParams.get("organization");
  return {
    url: `${protocol.slice("influxdb+".length)}//${host}`,
    bucket: decodeURIComponent(pathname.slice(1)),
    ...(organization === null ? {} : { organization }),
  };
}

export const isClickhouse = (url: URL): boolean => CLICKHOUSE.includes(url.protocol);

export function clickhouseAddress(
  { protocol, host, pathname, username, searchParams }: URL,
  password: string | undefined,
): ClickhouseAddress {
  const cluster = searchParams.get("cluster");
  return {
    url: `${protocol.slice("clickhouse+".length)}//${host}`,
    database: decodeURIComponent(pathname.slice(1)),
    ...(username === "" ? {} : { user: decodeURIComponent(username) }),
    ...(password === undefined ? {} : { password }),
    ...(cluster === null ? {} : { cluster }),
  };
}
