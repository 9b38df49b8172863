import aws4 from "aws4";

export interface S3Key {
  readonly accessKey: string;
  /** A function, so that whoever prints a key prints no secret. */
  readonly secretKey: () => string;
}

/** As S3 wants it, version 4; signed anew for each attempt, for a signature is good for minutes. */
export function signedHeaders(url: URL, { accessKey, secretKey }: S3Key): Record<string, string> {
  const signed = aws4.sign(
    { method: "GET", service: "s3", region: "default", host: url.host, path: `${url.pathname}${url.search}` },
    { accessKeyId: accessKey, secretAccessKey: secretKey() },
  );
  return Object.fromEntries(
    Object.entries(signed.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
