import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Broker } from "./broker.ts";

/** What the driver wants to know of TLS. The broker must prove who it is; there is no way to do without. */
export function tlsOf({ tls, tlsFiles: { authority, certificate, key } }: Broker): boolean | TlsOptions {
  if (!tls || (authority ?? certificate ?? key) === undefined) return tls;
  return {
    ...(authority === undefined ? {} : { ca: readFileSync(authority) }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}

interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** What is wrong with the files that a broker's URL names, before anything depends on them. Shows nothing of what is in them. */
export function tlsProblem(broker: Broker): string | undefined {
  try {
    const options = tlsOf(broker);
    if (typeof options === "object") check(options);
    return undefined;
  } catch (error) {
    const { authority, certificate, key } = broker.tlsFiles;
    const names = [authority, certificate, key].filter((name) => name !== undefined).join(", ");
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return `names files for TLS that cannot be used (${names}): ${code === "ENOENT" ? "there is no such file" : code}`;
  }
}

/** A context takes an authority that is none and trusts nobody; only the certificate's own reader minds. */
function check(options: TlsOptions): void {
  for (const said of [options.ca, options.cert]) if (said !== undefined) new X509Certificate(said);
  createSecureContext(options);
}
