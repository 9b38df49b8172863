import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A message as it stood in a real RabbitMQ's queue. For tests. */
export interface Captured {
  readonly exchange: string;
  readonly routing_key: string;
  readonly body: string;
}

/** Every notification that a real cloud sent in half an hour; see `test/captures`. */
export const captured = (): readonly Captured[] =>
  gunzipSync(readFileSync(CAPTURES))
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const CAPTURES = new URL("../../../test/captures/notifications.jsonl.gz", import.meta.url);
