import { accepted } from "../keystone/answer.ts";
import { pooledHttp } from "../keystone/http.ts";
import { patiently, waiting } from "../keystone/patience.ts";
import type { SessionOptions } from "../keystone/session.ts";
import { signedHeaders } from "./signed.ts";

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
          const asked = { method: "GET", url: url.href, headers: signedHeaders(url, address) } as const;
          return accepted(await http.ask(asked, signal), `GET ${url.origin}${url.pathname}`).body;
        },
        { attemptsMax, ...patience },
      ),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}
