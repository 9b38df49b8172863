/** What is wrong with a shape that came in or was to go out; the code is stable, the sentence is for people. */
export type WireProblem =
  | "name_missing"
  | "value_out_of_range"
  | "instant_out_of_range"
  | "too_large"
  | "not_json"
  | "version_unknown"
  | "malformed";

/** The one error of this library: what was said cannot be taken as it is, and saying it again will not help. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireProblem;
  /** The place in the document, e.g. `samples.3`; empty for the whole of it. */
  readonly where: string;

  constructor(code: WireProblem, sentence: string, where = "") {
    super(where === "" ? sentence : `${where}: ${sentence}`);
    this.code = code;
    this.where = where;
  }
}
