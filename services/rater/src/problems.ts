/**
 * Everything that the API can say went wrong, by its stable code. A client may switch on a code; the sentences are for
 * people. `docs/problems.md` is written from this table, and a test holds the two together.
 */
export const PROBLEMS = {
  TOKEN_MISSING: { status: 401, title: "A token is needed: Authorization: Bearer, or X-Auth-Token" },
  TOKEN_UNKNOWN: { status: 401, title: "The token is not known, or was revoked" },
  SIGN_ON_FAILED: { status: 403, title: "Signing in did not succeed; begin again" },
  ROLE_INSUFFICIENT: { status: 403, title: "The token's role does not allow this" },
  REQUEST_INVALID: { status: 400, title: "The request is not as the API describes it; `errors` says where" },
  REQUEST_TOO_LARGE: { status: 413, title: "The body is larger than this route takes" },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: "The body's content type is not one that this route takes" },
  NOT_FOUND: { status: 404, title: "There is no such thing, or it is not yours to see" },
  NOT_ACCEPTABLE: { status: 406, title: "It cannot be had in a form that the request accepts" },
  PERIOD_OPEN: { status: 409, title: "The period is not over yet, so it cannot be closed" },
  PRICE_BOOK_MISSING: { status: 409, title: "No price book was in force at the start of the period" },
  PRICE_BOOK_INVALID: { status: 422, title: "The price book cannot be published; `errors` says why" },
  PRICE_BOOK_RETROACTIVE: {
    status: 409,
    title: "The price book would change prices of the past; say so if that is meant",
  },
  E_INVOICE_INVALID: {
    status: 409,
    title: "The document is no valid electronic invoice; `errors` names each rule that it breaks",
  },
  SUPERSEDED: {
    status: 412,
    title: "Somebody else wrote meanwhile: it is no longer what `if-match` says that you read",
  },
  CONFLICT: { status: 409, title: "What was asked contradicts what is written in the ledger" },
  READINGS_GONE: {
    status: 410,
    title: "The readings that this needs were removed by retention; their hours are frozen",
  },
  APPROVAL_NEEDED: {
    status: 409,
    title: "Corrections of this account are proposed by one person and approved by another",
  },
  APPROVER_IS_PROPOSER: { status: 403, title: "Whoever proposed it cannot approve it: that is for somebody else" },
  PROPOSAL_CHANGED: {
    status: 409,
    title: "By what is known now it would be another document than was proposed; propose it anew",
  },
  RATE_LIMITED: { status: 429, title: "Too many requests; `retry-after` says in how many seconds to come back" },
  WRITE_IN_PROGRESS: { status: 409, title: "The same Idempotency-Key is being worked on; ask again in a moment" },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: "The Idempotency-Key was used for something else" },
  STORE_UNAVAILABLE: { status: 503, title: "The store cannot be reached now; the same request may succeed later" },
  LEDGER_UNAVAILABLE: { status: 503, title: "The ledger cannot be reached now; the same request may succeed later" },
  BUS_UNAVAILABLE: { status: 503, title: "The bus cannot be reached now; the same request may succeed later" },
  IDENTITY_UNAVAILABLE: {
    status: 503,
    title: "Who is asking cannot be found out now; the same request may succeed later",
  },
  INTERNAL: { status: 500, title: "A defect of this program; it is in its log" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a request, and where. */
export interface ProblemError {
  readonly where: string;
  readonly says: string;
}

/** What an RFC 9457 body says. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  /** What the log calls the request. */
  readonly request?: string;
}

/** Thrown by a route that cannot do what was asked. `detail` is shown to the caller: it names nothing that is not theirs. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly errors: readonly ProblemError[];

  constructor(code: ProblemCode, detail = "", errors: readonly ProblemError[] = []) {
    super(detail);
    this.code = code;
    this.errors = errors;
  }

  body(): ProblemBody {
    const { status, title } = PROBLEMS[this.code];
    return {
      type: `urn:raingauge:problem:${this.code}`,
      title,
      status,
      code: this.code,
      ...(this.message === "" ? {} : { detail: this.message }),
      ...(this.errors.length === 0 ? {} : { errors: this.errors }),
    };
  }
}
