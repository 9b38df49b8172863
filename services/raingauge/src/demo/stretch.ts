import { at, type Instant, type Period, wholeSecond } from "@raingauge/domain";
import type { Recorded } from "./recording.ts";

/**
 * Maps a recording of minutes onto days. Each request (a resize, a stop) is moved as a whole, so that what happened within
 * it keeps its seconds, and the requests of the recording are spread over `onto` in proportion to when they began. Payload
 * and envelope times are moved alike; nothing else is altered. Returned in the order of the new times.
 */
export function stretch(recording: readonly Recorded[], onto: Period): Recorded[] {
  const messages = recording.map(read);
  const move = mover(messages, onto);
  return messages
    .map((message) => ({ message, moved: rewritten(message, (moment) => move(message, moment)) }))
    .toSorted((a, b) =>
      a.moved.captured_at < b.moved.captured_at ? -1 : a.moved.captured_at > b.moved.captured_at ? 1 : 0,
    )
    .map(({ moved }) => moved);
}

interface Message {
  readonly recorded: Recorded;
  readonly inner: string;
  readonly wrapped: boolean;
  readonly at: Instant;
  readonly request: string;
  readonly resource: string;
}

function read(recorded: Recorded): Message {
  const outer = JSON.parse(recorded.body) as Record<string, unknown>;
  const wrapped = typeof outer["oslo.message"] === "string";
  const inner = wrapped ? (outer["oslo.message"] as string) : recorded.body;
  const notification = JSON.parse(inner) as Notification;
  return {
    recorded,
    inner,
    wrapped,
    at: moments(notification.timestamp)[0] ?? at(Date.parse(recorded.captured_at)),
    request: notification._context_request_id ?? notification.message_id,
    resource: resourceOf(notification.payload),
  };
}

interface Notification {
  readonly timestamp: string;
  readonly message_id: string;
  readonly _context_request_id?: string;
  readonly payload: unknown;
}

const ID_KEYS = ["instance_id", "uuid", "volume_id", "snapshot_id", "id"];

/** The resource that a payload is about, as far as it says so: its own id, or that of the one object in it. */
function resourceOf(payload: unknown): string {
  if (typeof payload !== "object" || payload === null) return "";
  const fields = payload as Record<string, unknown>;
  const own = ID_KEYS.map((key) => fields[key]).find((value) => typeof value === "string");
  if (typeof own === "string") return own;
  return (
    Object.values(fields)
      .map(resourceOf)
      .find((id) => id !== "") ?? ""
  );
}

interface Request {
  readonly start: Instant;
  readonly end: Instant;
  readonly offsetMs: number;
}

/** A payload's own times lie up to this far outside the envelopes of the request that they belong to. */
const SLACK_MS = 1_500;

function mover(messages: readonly Message[], onto: Period): (message: Message, moment: Instant) => Instant {
  const first = Math.min(...messages.map((message) => message.at));
  const last = Math.max(...messages.map((message) => message.at));
  const spread = (moment: Instant): Instant =>
    at(onto.start + Math.round(((moment - first) / Math.max(1, last - first)) * (onto.end - onto.start)));
  const requests = requestsOf(messages, spread);
  const byResource = Map.groupBy(messages, ({ resource }) => resource);
  const requestsTouching = new Map(
    [...byResource].map(([resource, touching]) => [
      resource,
      [...new Set(touching.map(({ request }) => requests.get(request)))].filter((request) => request !== undefined),
    ]),
  );
  return ({ request, resource }, moment) => {
    const own = requests.get(request);
    const candidates = [
      ...(own === undefined ? [] : [own]),
      ...(resource === "" ? [] : (requestsTouching.get(resource) ?? [])),
    ];
    const holder = nearest(candidates, moment);
    return holder === undefined ? spread(moment) : at(moment + holder.offsetMs);
  };
}

/** Requests are moved by whole seconds, so that an instant cut to its second stays the same second as the uncut one. */
function requestsOf(messages: readonly Message[], spread: (moment: Instant) => Instant): Map<string, Request> {
  const grouped = Map.groupBy(messages, ({ request }) => request);
  return new Map(
    [...grouped].map(([id, told]) => {
      const start = at(Math.min(...told.map((message) => message.at)));
      const end = at(Math.max(...told.map((message) => message.at)));
      return [id, { start, end, offsetMs: wholeSecond(spread(start)) - wholeSecond(start) }];
    }),
  );
}

/** The request that an instant falls in; the message's own stands first and wins a tie. */
function nearest(requests: readonly Request[], moment: Instant): Request | undefined {
  const distance = ({ start, end }: Request): number => Math.max(0, wholeSecond(start) - moment, moment - end);
  return requests.filter((request) => distance(request) <= SLACK_MS).toSorted((a, b) => distance(a) - distance(b))[0];
}

const MOMENT = /(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2}:\d{2})(\.\d+)?/g;

function moments(text: string): Instant[] {
  return [...text.matchAll(MOMENT)].map(([, date, , time, fraction = ""]) =>
    at(Date.parse(`${date}T${time}${fraction.slice(0, 4)}Z`)),
  );
}

/** The message with every instant in it moved, each written as it was: same separator, same number of digits. */
function rewritten({ recorded, inner, wrapped, at: told }: Message, move: (moment: Instant) => Instant): Recorded {
  const moved = inner.replace(MOMENT, (text, _date, separator: string, _time, fraction = "") => {
    const [moment] = moments(text);
    if (moment === undefined) return text;
    const second = new Date(move(wholeSecond(moment))).toISOString();
    return `${second.slice(0, 10)}${separator}${second.slice(11, 19)}${fraction}`;
  });
  const body = wrapped ? JSON.stringify({ ...(JSON.parse(recorded.body) as object), "oslo.message": moved }) : moved;
  return { ...recorded, captured_at: new Date(move(told)).toISOString(), body };
}

/** When each instance of a recording was first launched, by its id. */
export function launches(messages: readonly Recorded[]): Map<string, Instant> {
  const launched = messages
    .filter(({ body }) => body.includes("compute.instance.create.end"))
    .map(read)
    .filter(({ inner }) => inner.includes('"compute.instance.create.end"'));
  return new Map(launched.map((message) => [message.resource, message.at]));
}
