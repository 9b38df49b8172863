/**
 * What a bucket holds: `reading`, `event`, `coverage`; once hours are frozen, `hour` (their usage) and `kept` (the readings
 * before the horizon that stay, of one freezing); once usage is rolled up, `rolled` (by hours, of whichever roll-up was the last
 * to say something of them), `decisive0` or `decisive1` (the readings that decide whatever comes after it) and `disturbed` (the
 * series of which something came too late for it); and for the books `position`, `message`, `sources` and `commits`.
 *
 * A tag makes series, and series are what an InfluxDB runs out of. So a tag is only what a thing is for as long as it lives
 * and what questions begin with: region, meter, resource; of coverage who watched. Whose a resource is, its flavour, state
 * and host, a counter's incarnation, who said it and by which message: all that changes while it lives, and is a field. A
 * resize, a reboot, a migration or a transfer makes no new series, and there are as many as resources × meters. What else is
 * known of a resource (its name, its host, its user) lives in its history, which is its events.
 *
 * Every point is `stored` at the instant of its append (see `Commits`). A reading's nanoseconds follow from its identity, and
 * the identity is a field besides, so that two that meet in one nanosecond are told apart and one of them moves on.
 *
 * The books lie in the first hours of 1970, where a timestamp is a number and no time: of `position` the bus's sequence, of
 * `message` a hash of the event's id, of `commits` nothing. Therefore the bucket must keep for ever; retention is ours.
 */
export const TAGS = {
  reading: ["meter", "region", "resource"],
  kept: ["freezing", "meter", "region", "resource"],
  hour: ["meter", "region", "resource"],
  rolled: ["meter", "region", "resource"],
  decisive0: ["meter", "region", "resource"],
  decisive1: ["meter", "region", "resource"],
  disturbed: ["meter", "region", "resource"],
  event: ["region", "resource"],
  coverage: ["agent", "region", "source"],
} as const;

const READING = [
  ...["value", "id", "project", "origin", "source", "stance", "dimensions", "sequence", "transition", "incarnation"],
  ...["message", "stored", "late"],
] as const;

const HOUR = [
  ...["project", "dimensions", "quantity", "readings", "observed", "inferred", "afterEnd", "counterDropped"],
  ...["endAt", "endKind", "stored"],
] as const;

const FIELDS = {
  reading: READING,
  kept: READING,
  hour: HOUR,
  rolled: HOUR,
  decisive0: [...READING, "from", "rolled"],
  decisive1: [...READING, "from", "rolled"],
  disturbed: ["stored"],
  event: ["id", "type", "source", "project", "resourceType", "attributes", "stored"],
  coverage: ["id", "ends", "types", "limit", "rank", "stored"],
} as const;

/** What is kept by time. */
export type Measurement = keyof typeof TAGS;

export interface Condition {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Further conditions in InfluxQL, all of which must hold. */
  readonly where?: readonly string[] | undefined;
}

/** The question for points: their tags and some of their fields; all of them when not said. From and to are milliseconds. */
export function question(
  measurement: Measurement,
  { from, to, where = [] }: Condition,
  fields: readonly string[] = FIELDS[measurement],
): string {
  const columns = [...fields, ...TAGS[measurement]].map((column) => `"${column}"`).join(", ");
  const conditions = [
    ...(from === undefined ? [] : [`time >= ${from}000000`]),
    ...(to === undefined ? [] : [`time < ${to}000000`]),
    ...where,
  ];
  return `select ${columns} from "${measurement}"${conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`}`;
}
