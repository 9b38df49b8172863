import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { postgresServer, privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";

const UPGRADE = "/usr/bin/gnocchi-upgrade";
const METRICD = "/usr/bin/gnocchi-metricd";
const UWSGI = "/usr/bin/uwsgi_python3";
const WSGI = "/usr/lib/python3/dist-packages/gnocchi/rest/wsgi.py";

/** Whether Debian's Gnocchi can be started here. */
export const gnocchiLacks = (): readonly string[] =>
  [
    [UPGRADE, "gnocchi-api"],
    [METRICD, "gnocchi-metricd"],
    [UWSGI, "uwsgi-plugin-python3"],
  ].flatMap(([path = "", name = ""]) => (existsSync(path) ? [] : [name]));

/**
 * A Gnocchi of its own, from Debian, with its files in a folder and its index in a PostgreSQL. It asks for a name, and believes
 * it; its worker runs beside its API.
 */
export async function gnocchi(): Promise<Server> {
  const index = await postgresServer();
  const port = await privatePort();
  const folder = privateFolder("gnocchi");
  const config = join(folder, "gnocchi.conf");
  // It makes neither of them by itself before it writes into them.
  for (const name of ["storage/tmp", "incoming/tmp"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(
    config,
    `[api]
auth_mode = basic
[indexer]
url = ${index.url}
[storage]
driver = file
file_basepath = ${join(folder, "storage")}
[incoming]
driver = file
file_basepath = ${join(folder, "incoming")}
[metricd]
workers = 1
metric_processing_delay = 1
[oslo_policy]
policy_file = /etc/gnocchi/policy.json
`,
  );
  const engine = systemEngine({
    folder,
    greeting: { port, hello: Buffer.from("GET / HTTP/1.0\r\n\r\n"), welcome: "HTTP/1" },
    prepare: async () => {
      await promisify(execFile)(UPGRADE, ["--config-file", config, "--sacks-number", "2"], { cwd: folder });
    },
    companion: { path: METRICD, args: ["--config-file", config] },
    command: {
      path: UWSGI,
      args: [
        ...["--http-socket", `127.0.0.1:${port}`, "--add-header", "Connection: close"],
        ...["--wsgi-file", WSGI, "--pyargv", `--config-file ${config}`],
        ...["--processes", "1", "--master", "--lazy-apps", "--need-app", "--enable-threads", "--die-on-term"],
      ],
      farewell: "SIGTERM",
    },
  });
  return serve(`http://admin@127.0.0.1:${port}`, {
    ...engine,
    clear: async () => {
      await engine.clear();
      await index.stop();
    },
  });
}
