import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { jserrors } from "@nats-io/jetstream/internal";
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { BusFull, BusUnavailable } from "../bus.ts";

/** What goes wrong is told in the port's words. */
export async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw trouble(error);
  }
}

/** A driver's error as the port names it; what is no outage is a bug and stays what it is. */
export function trouble(error: unknown): unknown {
  if (error instanceof JetStreamApiError) {
    if (FULL.includes(error.code)) return new BusFull(`the stream is full: ${error.message}`, { cause: error });
    return new BusUnavailable(`JetStream refused: ${error.message}`, { cause: error });
  }
  if (OUTAGES.some((outage) => error instanceof outage)) {
    return new BusUnavailable(`the nats-server does not answer: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
  return error;
}

/** Insufficient resources, storage exceeded, and a stream's own limit (nats-server's errors.json). */
const FULL: readonly number[] = [10_023, 10_028, 10_047, 10_077];

const OUTAGES = [
  TimeoutError,
  RequestError,
  ConnectionError,
  ClosedConnectionError,
  DrainingConnectionError,
  jserrors.JetStreamNotEnabled,
  JetStreamError,
] as const;
