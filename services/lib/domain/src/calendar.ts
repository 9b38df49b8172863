import type { Day } from "./day.ts";
import type { Instant } from "./instant.ts";

/** What a zone's calendar says of its days. It is handed in, for the domain knows no zone. */
export interface Calendar {
  /** A day's first instant: midnight, or where a clock change leaves midnight out, the first that there is. */
  startOf(day: Day): Instant;
}
