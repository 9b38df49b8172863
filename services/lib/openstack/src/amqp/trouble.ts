import { AMQPError } from "rabbitmq-client";

/** What went wrong with the broker, for an operator: what is the matter, and what can be done. Shows no credentials. */
export function sentence(error: unknown, doing: string): string {
  const code = codeOf(error);
  const hint = HINTS.get(code);
  const detail = error instanceof Error ? error.message : String(error);
  return hint === undefined ? `${doing} failed (${code}: ${detail})` : `${doing} failed: ${hint} (${detail})`;
}

export const codeOf = (error: unknown): string => {
  if (error instanceof AMQPError) return error.code;
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
};

const HINTS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nobody listens there"],
  ["ENOTFOUND", "there is no such host"],
  ["CONNECTION_TIMEOUT", "the broker does not answer"],
  ["ACCESS_REFUSED", "the broker knows no such user and password, or the user may not configure, write and read this"],
  ["NOT_ALLOWED", "the user may not use this virtual host"],
  [
    "PRECONDITION_FAILED",
    "it exists on the broker with other properties; delete it there, choose another name, or set durability to what the broker has",
  ],
  ["RESOURCE_LOCKED", "another connection holds the queue for itself; choose another name"],
]);
