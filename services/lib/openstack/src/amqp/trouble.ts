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

const UNTRUSTED = "nobody that we trust vouches for the broker; name its authority with cacertfile in the URL";

const HINTS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nobody listens there"],
  ["ENOTFOUND", "there is no such host"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", UNTRUSTED],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNTRUSTED],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNTRUSTED],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNTRUSTED],
  ["CERT_HAS_EXPIRED", "the broker's certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the broker's certificate is for another name than the one we called"],
  [
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "the broker wants a certificate of ours; name it with certfile and keyfile in the URL",
  ],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the broker does not speak TLS on that port"],
  ["CONNECTION_TIMEOUT", "the broker does not answer"],
  ["ACCESS_REFUSED", "the broker knows no such user and password, or the user may not configure, write and read this"],
  ["NOT_ALLOWED", "the user may not use this virtual host"],
  [
    "PRECONDITION_FAILED",
    "it exists on the broker with other properties; delete it there, choose another name, or set durability to what the broker has",
  ],
  ["RESOURCE_LOCKED", "another connection holds the queue for itself; choose another name"],
]);
