import { isObject, type Payload } from "../notification.ts";
import { ApiError, type ApiProblem } from "./api-error.ts";
import type { Answered } from "./http.ts";

/** The answer, if it is what was asked for. Throws ApiError with the service's own words otherwise. */
export function accepted(answer: Answered, asking: string): Answered {
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return answer;
  const said = saying(body);
  const seconds = Number(headers.get("retry-after"));
  throw new ApiError(problemOf(status), `${asking}: ${status}${said === "" ? "" : `, ${said}`}`, {
    ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  });
}

/** A JSON object is what every list and every token comes as. */
export function objectIn({ body }: Pick<Answered, "body">, asking: string): Payload {
  if (isObject(body)) return body;
  throw new ApiError("unreadable", `${asking}: the answer is not a JSON object`);
}

function problemOf(status: number): ApiProblem {
  const known = BY_STATUS.get(status);
  if (known !== undefined) return known;
  return status >= 500 ? "failed" : "refused";
}

const BY_STATUS: ReadonlyMap<number, ApiProblem> = new Map([
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not_found"],
  [406, "not_acceptable"],
  [413, "overloaded"],
  [429, "overloaded"],
  [501, "refused"],
]);

const SAID_CHARACTERS_MAX = 200;

/** Each service wraps its message in a key of its own: `error`, `forbidden`, `NeutronError`, … */
function saying(body: unknown): string {
  const inner = isObject(body) ? Object.values(body).find(isObject) : undefined;
  const message = inner?.["message"];
  return typeof message === "string" ? message.slice(0, SAID_CHARACTERS_MAX) : "";
}
