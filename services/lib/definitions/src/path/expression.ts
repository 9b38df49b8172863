/** What a definition says of where a value stands: Ceilometer's dialect of JSONPath, as far as it is understood here. */
export type Expression =
  | { readonly kind: "path"; readonly steps: readonly Step[] }
  | { readonly kind: "constant"; readonly value: string | number }
  /** Whatever any of them finds, in their order. */
  | { readonly kind: "union"; readonly of: readonly Expression[] }
  | {
      readonly kind: "operation";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = "+" | "-" | "*" | "/";

export type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "fields" }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "items" }
  | { readonly kind: "where"; readonly tests: readonly Test[] }
  /** `max` is how often it is split at most; -1 is as often as it can be. */
  | { readonly kind: "split"; readonly separator: string; readonly segment: number; readonly max: number };

/** A condition on an item of a list; without an operator, that the field is there. */
export interface Test {
  readonly field: string;
  readonly comparison?: { readonly operator: Comparison; readonly value: string | number };
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
