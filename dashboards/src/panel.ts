export type PanelKind = "stat" | "timeseries" | "table" | "bargauge" | "state-timeline" | "text";

/** A panel as its author writes it; `render.ts` makes Grafana's of it. */
export interface Panel {
  /** Never changes: alerts and people's links point at it. */
  readonly id: number;
  readonly kind: PanelKind;
  readonly title: string;
  /** The question that it answers, as a sentence. */
  readonly answers: string;
  /** What to do when it is red, or odd. */
  readonly act?: string;
  readonly queries: readonly Query[];
  readonly unit: string;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
  /** Why there may be nothing to show on a cloud where all is well. Without a reason an empty answer fails the tests. */
  readonly mayBeEmpty?: string;
}

export interface Query {
  readonly expr: string;
  readonly legend?: string;
  /** One answer at the end of the range; the default of stats, tables and bars. */
  readonly isInstant?: boolean;
  /** The least step, where the samples come more slowly than the screen is wide. */
  readonly interval?: string;
}

export interface Look {
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
  readonly stacked?: boolean;
  readonly bars?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** A range of its own, e.g. `now/d`. */
  readonly timeFrom?: string;
  /** Of tables: what columns are called, which are hidden, what they link to, and their units. */
  readonly columns?: Readonly<Record<string, Column>>;
  readonly sortBy?: string;
  readonly markdown?: string;
  /** Of states: the words for numbers. */
  readonly words?: Readonly<Record<string, Word>>;
  readonly calm?: boolean;
}

export interface Column {
  readonly name?: string;
  readonly isHidden?: boolean;
  readonly unit?: string;
  readonly decimals?: number;
  readonly link?: string;
  readonly thresholds?: Thresholds;
}

export interface Word {
  readonly text: string;
  readonly color: string;
}

/** The colour from the start, then from each value on. */
export type Thresholds = readonly [string, ...(readonly [number, string])[]];

export const redFrom = (orange: number, red: number): Thresholds => ["green", [orange, "orange"], [red, "red"]];
export const redBelow = (orange: number, green: number): Thresholds => ["red", [orange, "orange"], [green, "green"]];
export const redAbove = (red: number): Thresholds => ["green", [red, "red"]];
export const plain: Thresholds = ["blue"];

interface Rest {
  readonly act?: string;
  readonly width?: number;
  readonly height?: number;
  readonly mayBeEmpty?: string;
  readonly look?: Look;
  readonly queries?: readonly Query[];
}

type Made = (
  id: number,
  title: string,
  unit: string,
  ask: string | readonly Query[],
  answers: string,
  rest?: Rest,
) => Panel;

const made =
  (kind: PanelKind, width: number, height: number, isInstant: boolean): Made =>
  (id, title, unit, ask, answers, rest = {}) => ({
    id,
    kind,
    title,
    unit,
    answers,
    width,
    height,
    look: {},
    ...rest,
    queries: (typeof ask === "string" ? [{ expr: ask }] : ask).map((query) => ({ isInstant, ...query })),
  });

/** One number. */
export const stat: Made = made("stat", 4, 4, true);
export const lines: Made = made("timeseries", 12, 8, false);
export const table: Made = made("table", 24, 9, true);
/** The most of something, longest first. */
export const ranking: Made = made("bargauge", 8, 8, true);
export const states: Made = made("state-timeline", 24, 7, false);

export const stacked: Made = (id, title, unit, ask, answers, rest = {}) =>
  lines(id, title, unit, ask, answers, { ...rest, look: { stacked: true, min: 0, ...rest.look } });

/** Amounts for each bucket of time, drawn where the bucket begins. */
export const bars: Made = (id, title, unit, ask, answers, rest = {}) =>
  lines(id, title, unit, ask, answers, { ...rest, look: { stacked: true, bars: true, ...rest.look } });

export const words = (id: number, title: string, markdown: string, width = 24, height = 4): Panel => ({
  id,
  kind: "text",
  title,
  unit: "none",
  answers: "What this board is for, and what it cannot say.",
  queries: [],
  width,
  height,
  look: { markdown },
});
