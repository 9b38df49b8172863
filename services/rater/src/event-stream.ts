import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Whether the caller asked for server-sent events by name. */
export const wantsEvents = ({ headers }: Pick<FastifyRequest, "headers">): boolean =>
  /\btext\/event-stream\b/.test(headers.accept ?? "");

interface Stream {
  readonly name: string;
  readonly look: () => Promise<unknown>;
  /** Hears what ended the stream before its time. */
  readonly failed: (error: unknown) => void;
}

/** How long nothing is looked at. A proxy that closes silent connections waits longer than that. */
const LOOK_MS = 10_000;

/** A caller that comes back is asked again who it is: what a token may no longer see ends within so long. */
const STREAM_MS_MAX = 5 * 60_000;

/**
 * Sends what `look` says, and again whenever it says something else, until the caller goes or the server closes. A caller
 * that does not read is waited for, so nothing heaps up; one that comes back asks anew and gets the present state.
 */
export async function sendEvents(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, look, failed }: Stream,
): Promise<void> {
  // What cannot be answered is a problem, as elsewhere, as long as no event has been sent.
  let said = JSON.stringify(await look());
  const stop = new AbortController();
  const end = (): void => stop.abort();
  app.openStreams.add(end);
  request.raw.on("close", end);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-request-id": request.id,
  });
  const write = async (text: string): Promise<void> => {
    if (!raw.write(text)) await once(raw, "drain", { signal: stop.signal });
  };
  try {
    await write(event(name, said));
    for (const endsAt = performance.now() + STREAM_MS_MAX; performance.now() < endsAt; ) {
      await pause(LOOK_MS, undefined, { signal: stop.signal });
      const now = JSON.stringify(await look());
      await write(now === said ? ": nothing new\n\n" : event(name, now));
      said = now;
    }
  } catch (error) {
    // Headers are gone, so what failed cannot be said here; the end of the stream tells the caller to ask again, and it is.
    if (!stop.signal.aborted) failed(error);
  } finally {
    app.openStreams.delete(end);
    request.raw.off("close", end);
    raw.end();
  }
}

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

declare module "fastify" {
  interface FastifyInstance {
    /** Ends each open stream; a server that closes would wait for them for ever. */
    readonly openStreams: Set<() => void>;
  }
}

export function useEventStreams(app: FastifyInstance): void {
  const streams = new Set<() => void>();
  app.decorate("openStreams", streams);
  app.addHook("preClose", async () => {
    for (const end of streams) end();
  });
}
