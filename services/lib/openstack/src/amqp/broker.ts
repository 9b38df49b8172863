/** Where RabbitMQ is, and as whom we come. */
export interface Broker {
  /** `host:port`, tried in turn. */
  readonly hosts: readonly string[];
  readonly vhost: string;
  readonly tls: boolean;
  /** PEM files: whom to trust, where it is not the system's own list, and how to prove who we are, where that is asked for. */
  readonly tlsFiles: TlsFiles;
  readonly username: string;
  /** A function, so that whoever prints a broker prints no password. */
  readonly password: () => string;
}

export interface TlsFiles {
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/**
 * A broker from an AMQP URL, or from the `transport_url` of a service's own configuration, which may name several hosts:
 * `rabbit://user:password@one:5672,user:password@two:5672/vhost?ssl=1`. Files for TLS are named as RabbitMQ's own clients
 * name them: `?cacertfile=/etc/ca.pem&certfile=/etc/me.pem&keyfile=/etc/me.key`. The sentence of its RangeError shows no
 * part of it.
 */
export function parseBroker(url: string): Broker {
  const [, scheme = "", authority = "", path = "", query = ""] = URL_PARTS.exec(url.trim()) ?? [];
  const secure = SECURE.get(scheme);
  if (secure === undefined) throw new RangeError(`not a URL that begins with ${[...SECURE.keys()].join(", ")}`);
  const options = new URLSearchParams(query);
  const tlsFiles = tlsFilesIn(options);
  const tls = secure || Object.keys(tlsFiles).length > 0 || TRUE.includes(options.get("ssl")?.toLowerCase() ?? "");
  const members = authority.split(",").map(member);
  const [first] = members;
  if (first === undefined || members.some(({ host }) => host === "")) throw new RangeError("a URL without a host");
  return {
    hosts: members.map(({ host, port }) => `${host}:${port ?? (tls ? "5671" : "5672")}`),
    vhost: decodeURIComponent(path) || "/",
    tls,
    tlsFiles,
    username: first.username,
    password: () => first.password,
  };
}

const TRUE = ["1", "true"];

function tlsFilesIn(options: URLSearchParams): TlsFiles {
  const [authority, certificate, key] = ["cacertfile", "certfile", "keyfile"].map((name) => options.get(name) ?? "");
  if (Boolean(certificate) !== Boolean(key))
    throw new RangeError("a URL with one of certfile and keyfile but not the other");
  return {
    ...(authority ? { authority } : {}),
    ...(certificate ? { certificate } : {}),
    ...(key ? { key } : {}),
  };
}

const URL_PARTS = /^([a-z+]+):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/;

const SECURE: ReadonlyMap<string, boolean> = new Map([
  ["amqp", false],
  ["amqps", true],
  ["rabbit", false],
]);

function member(text: string) {
  const at = text.lastIndexOf("@");
  const [username = "", password = ""] = at < 0 ? ["guest", "guest"] : text.slice(0, at).split(/:(.*)/s);
  const [host = "", port] = text.slice(at + 1).split(":");
  return { username: decodeURIComponent(username), password: decodeURIComponent(password), host, port };
}
