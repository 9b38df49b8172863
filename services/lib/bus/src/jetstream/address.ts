import { hash } from "node:crypto";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { Message } from "../bus.ts";

/** One project's messages share a subject, and so stay in order. */
export const subjectOf = ({ kind, region, service, project }: Message, partitions: number): string =>
  ["raingauge", kind, token(region), token(service), partitionOf(project, partitions)].join(".");

/** What NATS would take for structure becomes an underscore; the true names travel in the headers. */
const token = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]/g, "_") || "_";

const partitionOf = (project: string, partitions: number): number =>
  Number.parseInt(hash("sha256", project).slice(0, 8), 16) % partitions;

/** All of a message but its body. */
export function headersOf({ id, kind, region, service, project, trace }: Message): MsgHdrs {
  const written = headers();
  for (const [key, value] of Object.entries({ id, kind, region, service, project })) write(written, key, value);
  if (trace !== undefined) written.set(TRACE, trace);
  return written;
}

/** When the sender gave it away, by the sender's own clock in UTC milliseconds. */
export const stampSent = (written: MsgHdrs, now: number): void => write(written, SENT, String(now));

/** Undefined for a message of an older version, which did not say. */
export function sentAtOf(read: MsgHdrs | undefined): number | undefined {
  const said = header(read, SENT);
  return /^\d{1,15}$/.test(said) ? Number(said) : undefined;
}

const SENT = "sent";

export function messageOf(read: MsgHdrs | undefined, body: Uint8Array): Message {
  return {
    id: header(read, "id"),
    kind: header(read, "kind") === "events" ? "events" : "samples",
    region: header(read, "region"),
    service: header(read, "service"),
    project: header(read, "project"),
    ...traceOf(read),
    body: new Uint8Array(body.buffer, body.byteOffset, body.length),
  };
}

/** The one name under which every tracing library looks. */
const TRACE = "traceparent";

function traceOf(read: MsgHdrs | undefined): Pick<Message, "trace"> {
  const trace = read?.get(TRACE) ?? "";
  return trace === "" ? {} : { trace };
}

/** Percent-encoded, because a header holds neither line breaks nor spaces at its ends. */
export const write = (written: MsgHdrs, key: string, value: string): void =>
  written.set(PREFIX + key, encodeURIComponent(value.toWellFormed()));

export function header(read: MsgHdrs | undefined, key: string): string {
  const value = read?.get(PREFIX + key) ?? "";
  try {
    return decodeURIComponent(value);
  } catch {
    // URIError: somebody else wrote it, and did not encode it
    return value;
  }
}

const PREFIX = "Raingauge-";
