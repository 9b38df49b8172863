import type { Meter, MeterKind, MeterSource } from "../meter.ts";
import type { Unit } from "./unit.ts";

/** What a row of the catalogue says of a meter; what most rows have may be left out. */
export interface Row {
  readonly of: Unit;
  readonly type: string;
  readonly sources: readonly MeterSource[];
  readonly dimensions?: readonly string[];
  readonly aliases?: readonly string[];
  readonly silenceSeconds?: number;
  readonly isPriceable?: boolean;
}

/** It says that a resource was there; its value is the resource's size, or one. */
export const existence = (name: string, row: Row): Meter => ({ ...meter("gauge", name, row), existence: true });

/** It was measured, and may be another thing a moment later. */
export const gauge = (name: string, row: Row): Meter => meter("gauge", name, row);

/** It only grows, until whoever counts starts again from zero. */
export const counter = (name: string, row: Row): Meter => meter("cumulative", name, row);

/** Each reading is a difference by itself. */
export const delta = (name: string, row: Row): Meter => meter("delta", name, row);

function meter(kind: MeterKind, name: string, row: Row): Meter {
  const { of, type, sources, dimensions = [], aliases = [], isPriceable = true } = row;
  const { silenceSeconds = QUARTER_HOUR_SECONDS } = row;
  return {
    name,
    kind,
    ...of,
    resourceType: type,
    existence: false,
    dimensions,
    isPriceable,
    silenceSeconds,
    sources,
    aliases,
  };
}

const QUARTER_HOUR_SECONDS = 15 * 60;

/**
 * For what a sweep of a whole cloud measures: a sweep may take a long time, and what it measures changes slowly. Whom it
 * favours: us, by at most the rest of the hour in which an account was emptied while we did not look.
 */
export const SWEPT_SILENCE_SECONDS = 60 * 60;

export const heard = (eventTypes: string): MeterSource => ({ by: "notification", from: eventTypes });
export const libvirt = (fields: string): MeterSource => ({ by: "libvirt", from: fields });
export const swept = (call: string): MeterSource => ({ by: "central", from: call });
/** What a host's kernel tells of it in files. */
export const hosted = (file: string): MeterSource => ({ by: "host", from: file });
export const sensed = (command: string): MeterSource => ({ by: "ipmi", from: command });
