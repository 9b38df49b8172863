import type { Instant } from "./instant.ts";

export type Dimensions = Readonly<Record<string, string>>;

/** Where a reading came from; of several at one instant the first in this order counts. */
export type Origin = "notification" | "api" | "poll";

/**
 * What a reading claims.
 * - `states`: the project and every priced dimension, in full.
 * - `sights`: that the resource was there; it keeps what was last stated. What it saw itself counts only in a series that
 *   has no statement at all.
 * - `ends`: the final end (`delete.end`, or the API's deleted state with its time). Later readings change nothing.
 * - `vanishes`: an inferred end (it is gone from a complete sweep). It yields to any later reading.
 */
export type Stance = "states" | "sights" | "ends" | "vanishes";

/**
 * One life of a counter. A counter that began anew (another host, another start) is another incarnation, so a migration
 * with two hosts reporting for a while counts each once.
 */
export interface Incarnation {
  readonly host: string;
  /** The disk or interface that is counted; empty for the resource itself. */
  readonly device: string;
  readonly startedAt: Instant;
  /**
   * This agent had polled that host successfully before `startedAt`, so the counter is known to have begun at zero.
   * Otherwise the first reading is a baseline worth nothing: what we did not see costs us.
   */
  readonly witnessed: boolean;
}

/** One reading of one meter on one resource at one instant: what the meter said, not what it means. */
export interface Sample {
  /**
   * Names the reading, not the delivery: a digest of region, meter, resource, instant, source, stance, value, project,
   * dimensions and incarnation (a delta: its message id), so that the same reading delivered twice counts once.
   */
  readonly id: string;
  readonly region: string;
  readonly project: string;
  readonly meter: string;
  readonly resource: string;
  readonly at: Instant;
  /** In the meter's base unit; an int64, never negative. */
  readonly value: bigint;
  readonly origin: Origin;
  /** The service or agent that said it: `nova`, `libvirt`, `cinder`, …; the same for both formats of one notification. */
  readonly source: string;
  readonly stance: Stance;
  readonly dimensions: Dimensions;
  /** Orders readings that share an instant: the envelope's microseconds since the epoch, or the poll's. */
  readonly sequence: number;
  /**
   * Set where the payload has no time of its own: the transition and its request. Readings of one resource that share it
   * within two seconds are one transition told twice (legacy and versioned), and the earlier counts.
   */
  readonly transition?: string;
  readonly incarnation?: Incarnation;
  /** The message behind it: a notification's id, or the poll's. */
  readonly message: string;
}
