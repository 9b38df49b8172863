import type { Event, Instant } from "@raingauge/domain";
import { counts } from "./commits.ts";
import { integer, text, whole } from "./csv.ts";
import { lineOf, prefixOf } from "./line.ts";
import type { Seen } from "./seen.ts";

/** An event that was never committed, and the place of its id among the ids that are known. */
export interface NewEvent {
  readonly event: Event;
  readonly place: bigint;
}

/** How many ids are looked up at a time, each by a question of its own: InfluxQL takes one span of time in each. */
const AT_ONCE = 16;

/** The events that were never committed, each once. */
export async function newEvents(seen: Seen, events: readonly Event[]): Promise<NewEvent[]> {
  const byId = new Map(events.toReversed().map((event) => [event.id, event]));
  const taken = new Set<bigint>();
  const found: NewEvent[] = [];
  const each = [...byId.values()].toReversed();
  for (let start = 0; start < each.length; start += AT_ONCE) {
    const part = each.slice(start, start + AT_ONCE);
    const neighbours = await Promise.all(part.map(({ id }) => neighboursOf(seen, placeOf(id))));
    for (const [index, event] of part.entries()) {
      const known = neighbours[index] ?? new Map<bigint, string>();
      if ([...known.values()].includes(event.id)) continue;
      let place = placeOf(event.id);
      while (known.has(place) || taken.has(place)) place += 1n;
      taken.add(place);
      found.push({ event, place });
    }
  }
  return found;
}

/** Ids that share a hash lie side by side; so many of them never do. */
const NEIGHBOURS = 64n;

async function neighboursOf({ server, commits }: Seen, place: bigint): Promise<Map<bigint, string>> {
  const rows = await server.ask(
    `select "id", "stored" from "message" where time >= ${place} and time < ${place + NEIGHBOURS}`,
  );
  const committed = rows.filter((row) => counts(commits, integer(row, "stored")));
  return new Map(committed.map((row) => [whole(row, "time"), text(row, "id")]));
}

/** Within the first days of 1970, so that all of them lie in one shard. */
function placeOf(id: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < id.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(id.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash >> 15n;
}

export const messageLine = ({ event, place }: NewEvent, storedAt: Instant): string =>
  lineOf(prefixOf("message", {}), { id: event.id, stored: storedAt }, place);
