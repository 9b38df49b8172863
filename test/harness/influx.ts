import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executable, type Greeting, privatePort } from "@raingauge/servers";
import { containerEngine, dockerAnswers } from "./container.ts";
import { type Door, influxDoor } from "./influx-door.ts";
import { type Engine, type Server, serve } from "./server.ts";
import { privateFolder, systemEngine } from "./system.ts";

export interface InfluxServer extends Server {
  readonly organization: string;
  readonly token: string;
  /** Makes an empty bucket that InfluxQL knows as a database of that name, and that keeps for ever. */
  makeBucket(name: string): Promise<void>;
  dropBucket(name: string): Promise<void>;
}

export const influxExecutable = (): string | undefined => executable("influxd");

/** An InfluxDB of its own: 2.7 in a container, or Debian's 1.6 with version 2's door for writing before it; that in a folder, where one is named. */
export const influxServer = async ({ within }: { readonly within?: string } = {}): Promise<InfluxServer> =>
  within === undefined && (await dockerAnswers()) ? container() : system(within);

const ORGANIZATION = "raingauge";
const TOKEN = "a-token-for-tests";

/** It answers over HTTP alone. */
const greetingAt = (port: number): Greeting => ({
  port,
  hello: Buffer.from("GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
  welcome: "HTTP/1.1 204",
});

const system = async (within?: string): Promise<InfluxServer> => {
  const folder = privateFolder("influxdb", undefined, within);
  const port = await privatePort();
  const config = join(folder, "influxdb.conf");
  writeFileSync(config, settings(folder, port, await privatePort()));
  mkdirSync(join(folder, "home"));
  const command = {
    path: influxExecutable() ?? "influxd",
    args: ["-config", config],
    env: { HOME: join(folder, "home") },
  };
  const engine = systemEngine({ folder, greeting: greetingAt(port), command });
  const doorPort = await privatePort();
  const url = `http://127.0.0.1:${doorPort}`;
  const server = await serve(url, behind(influxDoor(doorPort, port), engine));
  const query = (influxql: string): Promise<void> =>
    accepted(fetch(`${url}/query`, { method: "POST", body: new URLSearchParams({ q: influxql }) }));
  return {
    ...server,
    organization: ORGANIZATION,
    token: TOKEN,
    makeBucket: (name) => query(`create database "${name}"`),
    dropBucket: (name) => query(`drop database "${name}"`),
  };
};

/** The door opens once the server answers, and goes when it goes. */
const behind = (door: Door, engine: Engine): Engine => ({
  start: async () => {
    await engine.start();
    await door.open();
  },
  kill: async () => {
    door.close();
    await engine.kill();
  },
  clear: async () => {
    door.close();
    await engine.clear();
  },
});

/** Everything that it has is in one folder; it tells nobody of itself and watches nobody. */
const settings = (folder: string, port: number, backupPort: number): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[continuous_queries]
  enabled = false
`;

const container = async (): Promise<InfluxServer> => {
  const port = await privatePort();
  const url = `http://127.0.0.1:${port}`;
  const engine = containerEngine({
    name: "influxdb:2.7-alpine",
    port: 8086,
    greeting: greetingAt(port),
    env: {
      DOCKER_INFLUXDB_INIT_MODE: "setup",
      DOCKER_INFLUXDB_INIT_USERNAME: "raingauge",
      DOCKER_INFLUXDB_INIT_PASSWORD: "for-tests-alone",
      DOCKER_INFLUXDB_INIT_ORG: ORGANIZATION,
      DOCKER_INFLUXDB_INIT_BUCKET: "first",
      DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: TOKEN,
    },
  });
  const server = await serve(url, engine);
  return { ...server, organization: ORGANIZATION, token: TOKEN, ...buckets(url) };
};

/** To version 2 a bucket is a database only once it is told so. */
const buckets = (url: string): Pick<InfluxServer, "makeBucket" | "dropBucket"> => {
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${url}/api/v2/${path}`, {
      method,
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const find = async (kind: "orgs" | "buckets", query: string): Promise<string> => {
    const found: Record<string, readonly { readonly id: string }[]> = JSON.parse(
      await (await call("GET", `${kind}?${query}`)).text(),
    );
    return found[kind]?.[0]?.id ?? "";
  };
  return {
    makeBucket: async (name) => {
      const orgID = await find("orgs", `org=${ORGANIZATION}`);
      await accepted(call("POST", "buckets", { orgID, name, retentionRules: [] }));
      const bucketID = await find("buckets", `name=${name}`);
      const mapping = { orgID, bucketID, database: name, retention_policy: "autogen", default: true };
      await accepted(call("POST", "dbrps", mapping));
    },
    dropBucket: async (name) => accepted(call("DELETE", `buckets/${await find("buckets", `name=${name}`)}`)),
  };
};

const accepted = async (answer: Promise<Response>): Promise<void> => {
  const response = await answer;
  const said = await response.text();
  if (!response.ok || said.includes('"error"')) throw new Error(`InfluxDB refuses (${response.status}): ${said}`);
};
