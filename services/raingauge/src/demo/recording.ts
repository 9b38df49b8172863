import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** One message as it stood in a queue: a line of a recording. */
export interface Recorded {
  readonly exchange: string;
  readonly routing_key: string;
  /** When it was taken from the queue; ISO 8601 in UTC. */
  readonly captured_at: string;
  /** The untouched body: an oslo envelope. */
  readonly body: string;
}

/** A recording with a line that is no message. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** Reads a recording (JSON lines, gzip by its ending), message by message. Throws RecordingError with the line's number. */
export async function* readRecording(path: string): AsyncGenerator<Recorded> {
  const file = createReadStream(path);
  const unzip = path.endsWith(".gz") ? createGunzip() : undefined;
  if (unzip !== undefined) file.on("error", (error) => unzip.destroy(error)).pipe(unzip);
  let number = 0;
  for await (const line of createInterface({ input: unzip ?? file, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() !== "") yield recorded(line, `${path}:${number}`);
  }
}

function recorded(line: string, where: string): Recorded {
  const message = parsed(line, where);
  for (const key of ["exchange", "routing_key", "captured_at", "body"] as const) {
    if (typeof message[key] !== "string")
      throw new RecordingError(`${where}: a recorded message needs the text "${key}"`);
  }
  return message as unknown as Recorded;
}

function parsed(line: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new RecordingError(`${where}: not a line of JSON`);
  }
}
