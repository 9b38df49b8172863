import { connect } from "node:net";
import { tmpdir } from "node:os";
import {
  available,
  clickhouseServer,
  natsServer,
  postgresServer,
  rabbitServer,
  type Server,
  type ServerName,
} from "@raingauge/harness";

/** The servers that a benchmark can ask for. */
export type Needed = Exclude<ServerName, "influxdb" | "prometheus">;

/** The servers of one benchmark, new and private to it. */
interface Servers extends AsyncDisposable {
  readonly url: (name: Needed) => string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Or, where there is one that this machine cannot have, the reason why. */
export async function startServers(names: readonly Needed[]): Promise<Servers | string> {
  for (const name of names) {
    const availability = await available(name);
    if (!availability.ok) return availability.reason;
  }
  await using starting = new AsyncDisposableStack();
  const urls = new Map<Needed, string>();
  const versions: Record<string, string> = {};
  for (const name of names) {
    const { start, hello, version } = KNOWN[name];
    const { url } = starting.use(await start());
    urls.set(name, url);
    versions[name] = version.exec(await greeted(url, hello))?.[1] ?? "unknown";
  }
  const started = starting.move();
  return { url: (name) => urls.get(name) ?? "", versions, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

interface Known {
  readonly start: () => Promise<Server>;
  readonly hello: string;
  /** In what the server says of itself. */
  readonly version: RegExp;
}

/** The protocol's first message, for a connection of postgres to the database postgres. */
const STARTUP = "\0\0\0\u0029\0\u0003\0\0user\0postgres\0database\0postgres\0\0";

const KNOWN: Readonly<Record<Needed, Known>> = {
  postgresql: { start: postgresServer, hello: STARTUP, version: /server_version\0([\d.]+)/ },
  "nats-server": { start: natsServer, hello: "", version: /"version":"([^"]+)"/ },
  // On a disk, as it would be used.
  chdb: {
    start: () => clickhouseServer(tmpdir()),
    hello: "GET /?query=select%20version() HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    version: /(\d+\.\d+\.\d+\.\d+)/,
  },
  "rabbitmq-server": { start: rabbitServer, hello: "AMQP\0\0\u0009\u0001", version: /version[^\d]+(\d+\.\d+\.\d+)/ },
};

/** The first that a server says; it begins with its name and version. */
const greeted = (url: string, hello: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(Buffer.from(hello, "latin1")));
    socket.once("error", reject);
    socket.once("data", (said) => {
      socket.destroy();
      resolve(said.toString("latin1"));
    });
  });
