import aws4 from "aws4";
import { accepted } from "../keystone/answer.ts";
import { pooledHttp } from "../keystone/http.ts";
import { patiently, waiting } from "../keystone/patience.ts";
import type { SessionOptions } from "../keystone/session.ts";

/** Where Ceph's object gateway is administered, and as whom we come: a user of its own with the caps `buckets=read;usage=read`. */
export interface RadosAddress {
  readonly url: string;
  readonly accessKey: string;
  /** A function, so that whoever prints an address prints no secret. */
  readonly secretKey: () => string;
  readonly caFile?: string | undefined;
  readonly verify: boolean;
}

/** The gateway's admin API. Throws ApiError, whose sentence holds neither a key nor a signature. */
export interface RadosGateway extends AsyncDisposable {
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
}

export function radosGateway(address: RadosAddress, options: Omit<SessionOptions, "now">): RadosGateway {
  const { signal, attemptsMax, patience = waiting(signal) } = options;
  const http = pooledHttp(address, options);
  const base = new URL(address.url);
  return {
    get: (path, query) =>
      patiently(
        async () => {
          const url = new URL(`${base.pathname.replace(/\/+$/, "")}${path}?${new URLSearchParams(query)}`, base);
          const asked = { method: "GET", url: url.href, headers: headersOf(url, address) } as const;
          return accepted(await http.ask(asked, signal), `GET ${url.origin}${url.pathname}`).body;
        },
        { attemptsMax, ...patience },
      ),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/** As S3 wants it, version 4; signed anew for each attempt, for a signature is good for minutes. */
function headersOf(url: URL, { accessKey, secretKey }: RadosAddress): Record<string, string> {
  const signed = aws4.sign(
    { method: "GET", service: "s3", region: "default", host: url.host, path: `${url.pathname}${url.search}` },
    { accessKeyId: accessKey, secretAccessKey: secretKey() },
  );
  return Object.fromEntries(
    Object.entries(signed.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
