import type { Matcher } from "../matcher.ts";

export type ValueType = "scalar" | "vector" | "matrix" | "string";

/** Milliseconds since the epoch, or an edge of the query's own range. */
export type Pin = number | "start" | "end";

/** What moves a selector away from the instant of evaluation. */
export interface Shift {
  readonly offset: number;
  readonly pin?: Pin;
}

export interface Selector extends Shift {
  readonly kind: "selector";
  readonly position: number;
  /** Its place among the query's selectors. */
  readonly id: number;
  readonly matchers: readonly Matcher[];
  /** Set on a range vector: how far back it reaches, in milliseconds. */
  readonly range?: number;
}

export interface Subquery extends Shift {
  readonly kind: "subquery";
  readonly position: number;
  readonly of: Expression;
  readonly range: number;
  readonly step?: number;
}

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface Aggregation {
  readonly kind: "aggregation";
  readonly position: number;
  readonly op: string;
  readonly grouping: Grouping;
  readonly parameter?: Expression;
  readonly of: Expression;
}

export interface Matching {
  /** `on` these labels, or ignoring them. */
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group?: "left" | "right";
  readonly include: readonly string[];
}

export interface Binary {
  readonly kind: "binary";
  readonly position: number;
  readonly op: string;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Call {
  readonly kind: "call";
  readonly position: number;
  readonly name: string;
  readonly args: readonly Expression[];
}

export type Expression =
  | { readonly kind: "number"; readonly position: number; readonly value: number }
  | { readonly kind: "string"; readonly position: number; readonly text: string }
  | { readonly kind: "negation"; readonly position: number; readonly of: Expression }
  | Selector
  | Subquery
  | Aggregation
  | Binary
  | Call;
