import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { executable, type Greeting, privatePort } from "@raingauge/servers";
import { containerEngine, dockerAnswers } from "./container.ts";
import { type Engine, type Server, serve } from "./server.ts";
import { privateFolder, systemEngine, unprivileged } from "./system.ts";

/** A PostgreSQL cluster of its own, with an empty database and a superuser, both called postgres. */
export const postgresServer = async (): Promise<Server> => {
  const port = await privatePort();
  const greeting = { port, hello: startup("postgres"), welcome: AUTHENTICATION };
  const engine = (await dockerAnswers()) ? container(greeting) : system(greeting);
  return serve(`postgresql://postgres@127.0.0.1:${port}/postgres`, engine);
};

/** Debian keeps the server's programs out of PATH, one folder for each major version; the newest is taken. */
export const postgresExecutable = (name: "postgres" | "initdb" = "postgres"): string | undefined =>
  executable(name, newestFirst("/usr/lib/postgresql"));

/** The first message of the protocol: its length, version 3.0, and who wants which database. */
const startup = (user: string): Buffer => {
  const body = Buffer.from(`\0\u0003\0\0user\0${user}\0database\0${user}\0\0`, "latin1");
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
};

/** While it starts or recovers it answers with an error, `E`. */
const AUTHENTICATION = "R";

const container = (greeting: Greeting): Engine =>
  containerEngine({
    name: "postgres:15-alpine",
    port: 5432,
    greeting,
    env: { POSTGRES_HOST_AUTH_METHOD: "trust" },
  });

const system = (greeting: Greeting): Engine => {
  const user = unprivileged("postgres");
  const folder = privateFolder("postgres", user);
  const data = join(folder, "data");
  const settings = [`port=${greeting.port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  return systemEngine({
    folder,
    greeting,
    prepare: async () => {
      await promisify(execFile)(postgresExecutable("initdb") ?? "initdb", [...INITDB, "-D", data], {
        cwd: folder,
        ...user,
      });
    },
    command: {
      path: postgresExecutable() ?? "postgres",
      args: ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
      farewell: "SIGINT",
      ...(user === undefined ? {} : { user }),
    },
    // Its backends have sessions of their own. SIGQUIT aborts them all at once, without a checkpoint: the next start recovers.
    crash: "SIGQUIT",
  });
};

const INITDB = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];

const newestFirst = (parent: string): string[] => {
  try {
    const versions = readdirSync(parent).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(parent, version, "bin"));
  } catch {
    return [];
  }
};
