import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const CAPTURED = new URL("../captures/notifications.jsonl.gz", import.meta.url);

/** The recorded half an hour of a cloud, moved to the same day of last month, which is over and can be closed. */
export function recordLastMonth(file: string): { readonly messages: number; readonly month: string } {
  const month = lastMonth();
  const lines = gunzipSync(readFileSync(CAPTURED)).toString().replaceAll("2026-11-2", `${month}-2`);
  writeFileSync(file, lines);
  return { month, messages: lines.trimEnd().split("\n").length };
}

function lastMonth(): string {
  const today = new Date();
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
