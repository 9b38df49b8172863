import type { Exposition } from "@raingauge/runtime";

/** A part of `up` that is there where its settings say what it shall listen to. */
export interface Agent {
  readonly metrics: Exposition;
  readonly ready: Readonly<Record<string, () => string | undefined>>;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** A spool ends with its bus; this one belongs to the whole installation and ends with that. */
export const borrowed = <B extends object>(bus: B): B => ({ ...bus, [Symbol.asyncDispose]: async () => undefined });
