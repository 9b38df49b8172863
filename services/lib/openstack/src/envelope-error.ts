export type EnvelopeProblem =
  | "too_large"
  | "not_json"
  | "envelope_unknown"
  | "field_missing"
  | "payload_missing"
  | "timestamp_unreadable";

/** What came is no notification, and will not become one by being read again. */
export class EnvelopeError extends Error {
  override readonly name = "EnvelopeError";
  readonly code: EnvelopeProblem;

  constructor(code: EnvelopeProblem, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
