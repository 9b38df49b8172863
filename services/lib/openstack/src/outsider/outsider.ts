import { accepted } from "../keystone/answer.ts";
import { pooledHttp, withoutQuery } from "../keystone/http.ts";
import { patiently, waiting } from "../keystone/patience.ts";
import type { SessionOptions } from "../keystone/session.ts";
import { type S3Key, signedHeaders } from "../radosgw/signed.ts";

/** Who we are to somebody who is none of the cloud's services. */
export type Shown =
  | ({ readonly kind: "s3" } & S3Key)
  | { readonly kind: "basic"; readonly user: string; readonly password: () => string };

export interface OutsideCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly shown: Shown;
}

/** APIs outside of the cloud's catalog. Throws ApiError, whose sentence holds no secret. */
export interface Outsider extends AsyncDisposable {
  /** The answer as it was written. */
  get(call: OutsideCall): Promise<string>;
}

export function outsider(options: Omit<SessionOptions, "now">): Outsider {
  const { signal, attemptsMax, patience = waiting(signal) } = options;
  const http = pooledHttp({ verify: true }, options);
  return {
    get: ({ url, headers, timeoutSeconds, shown }) =>
      patiently(
        async () => {
          const asked = { method: "GET", url, isText: true, timeoutSeconds } as const;
          const answer = await http.ask({ ...asked, headers: { ...headers, ...showing(new URL(url), shown) } }, signal);
          return String(accepted(answer, `GET ${withoutQuery(url)}`).body ?? "");
        },
        { attemptsMax, ...patience },
      ),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

const showing = (url: URL, shown: Shown): Record<string, string> =>
  shown.kind === "s3"
    ? signedHeaders(url, shown)
    : { authorization: `Basic ${Buffer.from(`${shown.user}:${shown.password()}`).toString("base64")}` };
