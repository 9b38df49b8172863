import type { Rational } from "@raingauge/domain";
import type { Point, Tells } from "./points.ts";

export type Attributes = Readonly<Record<string, string>>;

export interface NumberPoint {
  readonly attributes: Attributes;
  readonly nanoseconds: bigint;
  readonly sinceNanoseconds: bigint;
  /** Undefined for what is not a number. */
  readonly value: Rational | undefined;
}

export interface Metric {
  readonly name: string;
  readonly points: readonly NumberPoint[];
  /** False for histograms and summaries: no meter is one. */
  readonly isNumeric: boolean;
  readonly tells: Tells;
}

/** A sum is told as what came since the last time where its temporality is 1, and else as a total. */
export const sumTells = (temporality: number | undefined): Tells => (temporality === 1 ? "difference" : "total");

/** What an OpenTelemetry exporter sends at once, however it was encoded. */
export type Export = readonly { readonly attributes: Attributes; readonly metrics: readonly Metric[] }[];

/**
 * The points of gauges and sums. A point's own attributes come before its resource's of the same name; a dot in a name stays,
 * and a rule writes it so. Pure.
 */
export const pointsOfOtlp = (told: Export): Point[] =>
  told.flatMap(({ attributes, metrics }) =>
    metrics.flatMap(({ name, points, tells }) =>
      points.map((point) => ({
        metric: name,
        tells,
        labels: { ...attributes, ...point.attributes },
        at: Number(point.nanoseconds / NANOSECONDS_PER_MS),
        value: point.value,
        ...(point.sinceNanoseconds === 0n ? {} : { since: Number(point.sinceNanoseconds / NANOSECONDS_PER_MS) }),
      })),
    ),
  );

const NANOSECONDS_PER_MS = 1_000_000n;

/** The metrics of a kind that no meter has. */
export const othersIn = (told: Export): string[] =>
  told.flatMap(({ metrics }) => metrics.filter(({ isNumeric }) => !isNumeric).map(({ name }) => name));
