export type ApiProblem =
  /** The credentials, or a fresh token, are not taken. */
  | "unauthorized"
  /** A policy of the service's wants another role. */
  | "forbidden"
  | "not_found"
  /** The service does not speak this microversion. */
  | "not_acceptable"
  /** Any other answer that says that we asked for the wrong thing. */
  | "refused"
  /** It asks us to come more slowly. */
  | "overloaded"
  /** It failed by itself. */
  | "failed"
  | "unreachable"
  | "timed_out"
  /** It answered with something else than it should. */
  | "unreadable"
  /** The catalog does not say where it is. */
  | "no_endpoint";

/** Why an OpenStack API did not give what it was asked for. Its sentence names what was asked, never with what credentials. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiProblem;
  /** How long the service asks us to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ApiProblem,
    sentence: string,
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(sentence, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Asking again may help. */
export const isPassing = (error: unknown): error is ApiError => error instanceof ApiError && PASSING.has(error.code);

const PASSING: ReadonlySet<ApiProblem> = new Set(["overloaded", "failed", "unreachable", "timed_out"]);
