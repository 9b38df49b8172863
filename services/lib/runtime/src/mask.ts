import { HIDDEN } from "./secret.ts";

/** A field of such a name is never written, whatever it holds. */
const SECRET_KEY = /pass(word|wd|phrase)?$|secret|token|authorization|cookie|credential|api_?key|private_?key/i;

/** The password in a URL inside any text. */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]*@/gi;

const DEPTH_MAX = 6;

/** A copy that may be written down: secrets hidden, errors and numbers of any size in words that JSON knows. */
export const masked = (fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, SECRET_KEY.test(key) ? HIDDEN : shown(value, depth + 1)]),
  );

const withoutPassword = (text: string): string => text.replace(URL_PASSWORD, `$1:${HIDDEN}@`);

function shown(value: unknown, depth: number): unknown {
  if (typeof value === "string") return withoutPassword(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) return "…";
  if (value instanceof Error) return shownError(value, depth);
  if (value instanceof URL) return withoutPassword(value.href);
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map((each: unknown) => shown(each, depth + 1));
  if ("toJSON" in value && typeof value.toJSON === "function") return shown(value.toJSON(), depth + 1);
  return masked({ ...value }, depth);
}

const shownError = (error: Error, depth: number): Record<string, unknown> => ({
  name: error.name,
  message: withoutPassword(error.message),
  stack: withoutPassword(error.stack ?? ""),
  ...(error.cause === undefined ? {} : { cause: shown(error.cause, depth + 1) }),
});
