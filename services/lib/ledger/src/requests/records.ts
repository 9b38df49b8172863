import type { Instant } from "@raingauge/domain";

/** Who did what through the API, with what outcome: a path without its query, no header and no body. */
export interface AuditEntry {
  /** What the log calls the request. */
  readonly request: string;
  /** Absent where nobody known asked. */
  readonly caller?: string;
  /** Keystone's id of them, where it was Keystone that knew them. */
  readonly user?: string;
  readonly role?: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly from: string;
}

export interface KeptAuditEntry extends AuditEntry {
  readonly sequence: bigint;
  readonly at: Instant;
}

/** An answer that is given again to whoever asks again with the same key. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A write that its caller named, so that it can be sent again without being done again. */
export interface NamedWrite {
  readonly caller: string;
  readonly key: string;
  /** Of what is asked: the same key for something else is a mistake. */
  readonly digest: string;
}

/** What is known of a named write. "Begun" is said to one caller only, who then does it. */
export type Beginning = "begun" | "in progress" | "other" | KeptAnswer;

/** As long as a caller may try again. */
export const KEPT_ANSWER_MS = 24 * 60 * 60 * 1_000;
/** Whoever began a write and did not finish it by then has died. */
export const BEGUN_MS = 60 * 1_000;

/**
 * What is kept of requests. Promises, held by the suite:
 * 1. The audit log is only added to, and read newest first.
 * 2. Of many who begin the same named write at once, one is told "begun"; after it is finished all others get its answer,
 *    for a day. One that was given up, or not finished in a minute, can be begun anew.
 */
export interface RequestRecords {
  audit(entry: AuditEntry): Promise<void>;
  /** So many at most, older than `before` where it is said. */
  audited(query: { readonly before?: bigint; readonly limit: number }): Promise<readonly KeptAuditEntry[]>;
  beginWrite(write: NamedWrite): Promise<Beginning>;
  /** Without an answer it is given up. */
  finishWrite(write: NamedWrite, answer: KeptAnswer | undefined): Promise<void>;
}
