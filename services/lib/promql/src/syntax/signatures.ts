import type { ValueType } from "./expression.ts";

interface Signature {
  readonly args: readonly ValueType[];
  /** How many at the end may be left out. */
  readonly optional?: number;
  /** The last may be repeated. */
  readonly many?: boolean;
  readonly returns: ValueType;
}

const of = (names: string, signature: Signature): [string, Signature][] =>
  names.split(" ").map((name) => [name, signature]);

/** Every function for floats, with what it takes. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...of("abs absent ceil exp floor ln log2 log10 sgn sort sort_desc sqrt timestamp", {
    args: ["vector"],
    returns: "vector",
  }),
  ...of("acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh deg rad", { args: ["vector"], returns: "vector" }),
  ...of("days_in_month day_of_month day_of_week day_of_year hour minute month year", {
    args: ["vector"],
    optional: 1,
    returns: "vector",
  }),
  ...of("absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate rate resets", {
    args: ["matrix"],
    returns: "vector",
  }),
  ...of(
    "last_over_time max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time sum_over_time",
    {
      args: ["matrix"],
      returns: "vector",
    },
  ),
  ...of("quantile_over_time", { args: ["scalar", "matrix"], returns: "vector" }),
  ...of("predict_linear", { args: ["matrix", "scalar"], returns: "vector" }),
  ...of("double_exponential_smoothing", { args: ["matrix", "scalar", "scalar"], returns: "vector" }),
  ...of("clamp", { args: ["vector", "scalar", "scalar"], returns: "vector" }),
  ...of("clamp_max clamp_min", { args: ["vector", "scalar"], returns: "vector" }),
  ...of("round", { args: ["vector", "scalar"], optional: 1, returns: "vector" }),
  ...of("histogram_quantile", { args: ["scalar", "vector"], returns: "vector" }),
  ...of("label_replace", { args: ["vector", "string", "string", "string", "string"], returns: "vector" }),
  ...of("label_join", { args: ["vector", "string", "string", "string"], optional: 1, many: true, returns: "vector" }),
  ...of("sort_by_label sort_by_label_desc", { args: ["vector", "string"], many: true, returns: "vector" }),
  ...of("scalar", { args: ["vector"], returns: "scalar" }),
  ...of("vector", { args: ["scalar"], returns: "vector" }),
  ...of("time pi", { args: [], returns: "scalar" }),
]);
