import type { Payload } from "../notification.ts";

export interface Call {
  /** The official type: `compute`, `block-storage`, … */
  readonly service: string;
  /** The version to put behind an address that has none. */
  readonly version?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** E.g. `compute 2.69`. */
  readonly microversion?: string;
  /** E.g. `2.1`: the least that will do where the service does not speak that one yet. */
  readonly microversionLeast?: string;
  /** What a service wants to be told besides, such as a version in a header of its own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As a link beside the service's address is followed: from the root where it begins there, and naming no part of it twice. */
  readonly isLink?: boolean;
  /** The answer as it was written, and not what JSON makes of it. */
  readonly isText?: boolean;
  /** How long the answer may take, where that is not as long as any. */
  readonly timeoutSeconds?: number;
  /** Whose account to ask for where a service's address ends in the caller's own, as Swift's does. */
  readonly account?: string;
}

export interface Fetched {
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whatever JSON it is; undefined where there is none. */
  readonly body: unknown;
  readonly askedAt: number;
}

export interface Reply {
  readonly body: Payload;
  /** When the question was sent that this answers: what it says is no older. Milliseconds since the epoch. */
  readonly askedAt: number;
  /** What the service's own clock said when it answered, to the second; undefined where it did not say. */
  readonly serviceClock?: number | undefined;
}
