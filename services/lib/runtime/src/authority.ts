import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { unreadable } from "./unreadable.ts";

/** Why a file that is to hold the certificate of an authority is of no use; undefined where it is. Shows nothing of what is in it. */
export function authorityProblem(file: string): string | undefined {
  const content = contentOf(file);
  if (content instanceof Error) return unreadable(file, content);
  try {
    new X509Certificate(content);
    return undefined;
  } catch {
    return `${file} holds no certificate`;
  }
}

/** A file's text, or why there is none. */
export function contentOf(file: string): string | Error {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
