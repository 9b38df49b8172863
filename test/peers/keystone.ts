import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";

const MANAGE = "/usr/bin/keystone-manage";
const WSGI = "/usr/bin/keystone-wsgi-public";
const UWSGI = "/usr/bin/uwsgi_python3";

/** Whether Debian's Keystone can be started here. */
export const keystoneLacks = (): readonly string[] =>
  [
    [MANAGE, "keystone"],
    [WSGI, "keystone"],
    [UWSGI, "uwsgi-plugin-python3"],
  ].flatMap(([path = "", name = ""]) => (existsSync(path) ? [] : [name]));

export const PASSWORD = "a-password-of-this-test";

/** A Keystone of its own, from Debian, over SQLite, with an administrator, and olga who is a member of the project other; `url` is its v3 address. */
export async function keystone(): Promise<Server> {
  const port = await privatePort();
  const folder = privateFolder("keystone");
  const url = `http://127.0.0.1:${port}/v3`;
  const config = join(folder, "keystone.conf");
  for (const name of ["fernet", "credential", "log"]) mkdirSync(join(folder, name), { mode: 0o700 });
  writeFileSync(
    config,
    `[DEFAULT]
log_dir = ${join(folder, "log")}
[database]
connection = sqlite:///${join(folder, "keystone.db")}
[token]
provider = fernet
[fernet_tokens]
key_repository = ${join(folder, "fernet")}
[credential]
key_repository = ${join(folder, "credential")}
[cache]
enabled = false
`,
  );
  const manage = (...args: string[]) =>
    promisify(execFile)(MANAGE, ["--config-file", config, ...args], { cwd: folder });
  const owner = ["--keystone-user", "root", "--keystone-group", "root"];
  return serve(
    url,
    systemEngine({
      folder,
      greeting: { port, hello: Buffer.from("GET /v3 HTTP/1.0\r\n\r\n"), welcome: "HTTP/1" },
      prepare: async () => {
        await manage("db_sync");
        // Without a write-ahead log its workers are told now and then that the database is locked.
        await promisify(execFile)("/usr/bin/python3", [
          "-c",
          `import sqlite3; sqlite3.connect("${join(folder, "keystone.db")}").execute("pragma journal_mode=wal")`,
        ]);
        await manage("fernet_setup", ...owner);
        await manage("credential_setup", ...owner);
        const urls = ["public", "internal", "admin"].flatMap((door) => [`--bootstrap-${door}-url`, url]);
        await manage("bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-region-id", "RegionOne", ...urls);
        const olga = [
          "--bootstrap-username",
          "olga",
          "--bootstrap-project-name",
          "other",
          "--bootstrap-role-name",
          "member",
        ];
        await manage("bootstrap", "--bootstrap-password", PASSWORD, ...olga);
      },
      command: {
        path: "/usr/bin/env",
        // Whoever holds a connection holds a worker, so each is closed after its answer, and the client is told so.
        args: [
          `OS_KEYSTONE_CONFIG_FILES=${config}`,
          `OS_KEYSTONE_CONFIG_DIR=${folder}`,
          ...[UWSGI, "--http-socket", `127.0.0.1:${port}`, "--add-header", "Connection: close"],
          ...["--wsgi-file", WSGI, "--processes", "4", "--master", "--die-on-term"],
        ],
        farewell: "SIGTERM",
      },
    }),
  );
}
