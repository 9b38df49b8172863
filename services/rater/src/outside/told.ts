import type { Rational, Stance } from "@raingauge/domain";

/** A reading as somebody outside tells it, whatever they speak; not yet held against the catalogue. */
export interface Told {
  readonly meter: string;
  readonly resource: string;
  readonly project: string;
  readonly region?: string | undefined;
  /** RFC 3339 with a zone, or UTC milliseconds. */
  readonly at: string | number;
  readonly value: Rational;
  /** The meter's base unit or the one it is shown in, under any name that it goes by; the base unit where absent. */
  readonly unit?: string | undefined;
  /** By name; what no price may name is left out. */
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  /** What it claims; with dimensions that it states them, without that it saw the resource. */
  readonly stance?: Stance | undefined;
  /** Who says it. */
  readonly source: string;
  /** Names a difference, so that it counts once. */
  readonly id?: string | undefined;
  /** Of a counter: where it counts, what, and since when. */
  readonly counter?:
    | { readonly host?: string; readonly device?: string; readonly startedAt?: string | number }
    | undefined;
}

/** What is wrong with one reading; the others are taken. */
export interface Refused {
  readonly code: RefusalCode;
  readonly says: string;
}

export const REFUSALS = [
  "malformed",
  "meter_unknown",
  "unit_unknown",
  "value_not_whole",
  "value_out_of_range",
  "instant_out_of_range",
  "instant_malformed",
  "name_missing",
  "id_missing",
  "too_large",
] as const;

export type RefusalCode = (typeof REFUSALS)[number];
