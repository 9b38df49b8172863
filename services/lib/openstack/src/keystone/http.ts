import { readFileSync } from "node:fs";
import { Agent, errors, request } from "undici";
import { ApiError } from "./api-error.ts";
import type { Cloud } from "./cloud.ts";

export interface Asked {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The answer's body as it was written. */
  readonly isText?: boolean | undefined;
  readonly timeoutSeconds?: number | undefined;
}

export interface Answered {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined where there is none. */
  readonly body: unknown;
}

/** One request and its answer, whatever its status. Throws ApiError where there was none. */
export interface Http extends AsyncDisposable {
  ask(asked: Asked, signal: AbortSignal): Promise<Answered>;
}

export interface HttpOptions {
  /** How long one answer may take, from the first byte sent to the last one read. */
  readonly timeoutSeconds: number;
  /** So many requests at once to one service, so that a sweep is not what slows a cloud down. */
  readonly endpointRequestsMax: number;
}

/** A page of a thousand machines is some 3 MB; ten times that is no page. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** Connections are kept open between requests; the pool of each service is its bound on concurrency. */
export function pooledHttp(
  { caFile, verify }: Pick<Cloud, "caFile" | "verify">,
  { timeoutSeconds, endpointRequestsMax }: HttpOptions,
): Http {
  const agent = new Agent({
    connections: endpointRequestsMax,
    maxResponseSize: ANSWER_BYTES_MAX,
    connect: {
      rejectUnauthorized: verify,
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }),
    },
  });
  return {
    async ask({ method, url, headers, body, isText, timeoutSeconds: seconds = timeoutSeconds }, signal) {
      const timeout = AbortSignal.timeout(seconds * 1_000);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method,
          headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
          body: body === undefined ? null : JSON.stringify(body),
          signal: AbortSignal.any([signal, timeout]),
        });
        const [status, text] = [answer.statusCode, await answer.body.text()];
        return { status, headers: names(answer.headers), body: isText === true && status < 300 ? text : parsed(text) };
      } catch (error) {
        signal.throwIfAborted();
        throw trouble(error, `${method} ${withoutQuery(url)}`, timeout.aborted);
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

const names = (headers: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> =>
  new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

/** What is no JSON (a proxy's page, say) stays a text: with an error status it is nobody's business. */
function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const withoutQuery = (url: string): string => url.replace(/\?.*$/s, "");

function trouble(error: unknown, asking: string, isLate: boolean): unknown {
  if (isLate || error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new ApiError("timed_out", `${asking}: no answer in time`);
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new ApiError("unreadable", `${asking}: an answer of more than ${ANSWER_BYTES_MAX} bytes`);
  const isOurs = error instanceof errors.UndiciError || (error instanceof Error && "code" in error);
  return isOurs ? new ApiError("unreachable", `${asking}: ${error.message}`, { cause: error }) : error;
}
