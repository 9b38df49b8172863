/** In Prometheus' own words, since its clients switch on them. */
export type ErrorType = "bad_data" | "execution" | "timeout" | "canceled" | "unavailable";

/** A query that gets no answer, with what its sender is told of it. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** Where something stands in a query, as Prometheus says it. */
export function parseError(text: string, position: number, says: string): QueryError {
  const before = text.slice(0, position).split("\n");
  return new QueryError("bad_data", `${before.length}:${(before.at(-1)?.length ?? 0) + 1}: parse error: ${says}`);
}
