import { readFile } from "node:fs/promises";
import {
  connect,
  credsAuthenticator,
  deadline,
  type NatsConnection,
  type NodeConnectionOptions,
} from "@nats-io/transport-node";
import { BusUnavailable } from "../bus.ts";

/** How a client shows who it is. Given apart from the URL, so that the URL can be logged. */
export type Credentials =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "user"; readonly user: string; readonly password: string }
  | { readonly kind: "file"; readonly path: string };

export interface Server {
  /** One or more addresses, separated by commas: `nats://` or `tls://`, user and password in it allowed. */
  readonly url: string;
  readonly credentials?: Credentials | undefined;
  /** The certificate of the authority that signed the servers', where the system does not know it. */
  readonly caFile?: string | undefined;
  readonly name: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
}

/** A connection that comes back for ever, and knows how it stands. */
export interface Connection {
  readonly nats: NatsConnection;
  readonly isConnected: () => boolean;
  /** Aborts when what is connected now is lost, even if it comes back: the server may then be another. */
  readonly lost: () => AbortSignal;
  /** What was said has reached the server, or was said in vain because it is away. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function dial(server: Server): Promise<Connection> {
  const nats = await opened(server);
  let present = new AbortController();
  const watch = async (): Promise<void> => {
    for await (const { type } of nats.status()) {
      if (type === "disconnect" || type === "close") present.abort();
      if (type === "reconnect") present = new AbortController();
    }
    present.abort();
  };
  void watch();
  const isConnected = (): boolean => !present.signal.aborted && !nats.isClosed();
  const flush = async (): Promise<void> => {
    if (isConnected()) await deadline(nats.flush(), server.timeoutMs).catch(inVain);
  };
  const close = (): Promise<void> => flush().then(() => nats.close());
  return { nats, isConnected, lost: () => present.signal, flush, close };
}

/** An acknowledgement that never arrived means a redelivery, which the store forgives. */
const inVain = (): void => undefined;

async function opened(server: Server): Promise<NatsConnection> {
  const options = await optionsOf(server);
  try {
    return await connect(options);
  } catch (error) {
    throw new BusUnavailable(`no nats-server answers at ${addresses(server.url).join(", ")}`, { cause: error });
  }
}

async function optionsOf({ url, credentials, caFile, name, timeoutMs }: Server): Promise<NodeConnectionOptions> {
  return {
    servers: addresses(url),
    name,
    timeout: timeoutMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    // A connection that died without a word is noticed within half a minute.
    pingInterval: 10_000,
    maxPingOut: 2,
    ...(await authorization(credentials ?? inUrl(url))),
    ...(caFile === undefined ? {} : { tls: { caFile } }),
  };
}

/** The addresses alone: whatever names them in an error or a log must not name a password. */
const addresses = (url: string): string[] =>
  url.split(",").map((each) => {
    const { protocol, host } = new URL(each.trim());
    return `${protocol}//${host}`;
  });

function inUrl(url: string): Credentials | undefined {
  const { username, password } = new URL(url.split(",")[0]?.trim() ?? "");
  if (username === "") return undefined;
  const user = decodeURIComponent(username);
  return password === ""
    ? { kind: "token", token: user }
    : { kind: "user", user, password: decodeURIComponent(password) };
}

async function authorization(credentials: Credentials | undefined): Promise<NodeConnectionOptions> {
  switch (credentials?.kind) {
    case undefined:
      return {};
    case "token":
      return { token: credentials.token };
    case "user":
      return { user: credentials.user, pass: credentials.password };
    case "file":
      return { authenticator: credsAuthenticator(await readFile(credentials.path)) };
  }
}
