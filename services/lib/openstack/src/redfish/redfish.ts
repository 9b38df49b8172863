import { accepted, objectIn } from "../keystone/answer.ts";
import { ApiError } from "../keystone/api-error.ts";
import { type Http, pooledHttp } from "../keystone/http.ts";
import { isObject, type Payload } from "../notification.ts";

/** A management board, and as whom we come: a user that may look and do nothing else. */
export interface RedfishAddress {
  /** Its origin, `https:` only: a password goes to it with every question. */
  readonly url: string;
  readonly user: string;
  /** A function, so that whoever prints an address prints no secret. */
  readonly password: () => string;
  readonly caFile?: string | undefined;
  readonly verify: boolean;
}

export interface RedfishOptions {
  /** For everything that the board is asked, together. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** A board's Redfish service. Throws ApiError, whose sentence holds no password. */
export interface Redfish extends AsyncDisposable {
  /** By the path that the board itself gives, `/redfish/v1/…`. */
  get(path: string): Promise<Payload>;
}

export function redfish(address: RedfishAddress, { timeoutSeconds, signal }: RedfishOptions): Redfish {
  const ended = AbortSignal.timeout(timeoutSeconds * 1_000);
  let http: Http | undefined;
  return {
    async get(path) {
      const url = urlOf(path, address);
      const asking = `GET ${url.origin}${url.pathname}`;
      if (ended.aborted) throw new ApiError("timed_out", `${asking}: the board took too long for all of it`);
      const headers = { accept: "application/json", "odata-version": "4.0", authorization: authorizationOf(address) };
      try {
        // One question at a time: a board's processor is a small one, and has a machine to look after.
        http ??= pooledHttp(address, { timeoutSeconds, endpointRequestsMax: 1 });
        const answer = await http.ask({ method: "GET", url: url.href, headers }, AbortSignal.any([signal, ended]));
        return objectIn(accepted(answer, asking), asking);
      } catch (error) {
        signal.throwIfAborted();
        if (ended.aborted) throw new ApiError("timed_out", `${asking}: no answer in time`, { cause: error });
        if (isAbsentFile(error))
          throw new ApiError("refused", "a file of the board's cannot be read", { cause: error });
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => http?.[Symbol.asyncDispose](),
  };
}

/** A board that names another host does not get our password sent there. */
function urlOf(path: string, { url }: RedfishAddress): URL {
  if (!path.startsWith("/redfish/"))
    throw new ApiError("unreadable", "a link of the board's leads out of its Redfish service");
  return new URL(path, url);
}

const authorizationOf = ({ user, password }: RedfishAddress): string => {
  try {
    return `Basic ${Buffer.from(`${user}:${password()}`).toString("base64")}`;
  } catch (error) {
    throw new ApiError("refused", "the file with the board's password cannot be read", { cause: error });
  }
};

const isAbsentFile = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES");

/** Where a link of an answer leads, if it has that link. */
export function linkIn(said: Payload, name: string): string | undefined {
  const link = said[name];
  const path = isObject(link) ? link["@odata.id"] : undefined;
  return typeof path === "string" ? path : undefined;
}
