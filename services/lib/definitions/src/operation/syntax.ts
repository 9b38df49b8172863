/** What an operation of a dynamic pollster says: as much of Python's expressions as computes, and nothing that reaches out. */
export type Expression =
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "table"; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: "each"; readonly item: Expression; readonly loops: readonly Loop[] }
  | { readonly kind: "item"; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: "slice";
      readonly of: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
    }
  | { readonly kind: "call"; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: "method"; readonly of: Expression; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: "lambda"; readonly names: readonly string[]; readonly body: Expression }
  | { readonly kind: "negative"; readonly of: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "comparison"; readonly first: Expression; readonly rest: readonly Compared[] }
  | { readonly kind: "choice"; readonly when: Expression; readonly then: Expression; readonly otherwise: Expression };

export interface Loop {
  readonly names: readonly string[];
  readonly over: Expression;
  readonly tests: readonly Expression[];
}

export interface Compared {
  readonly operator: Comparison;
  readonly with: Expression;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";

/** What JSON can say; numbers that were computed are exact. Functions live only within one operation. */
export type Value = unknown;

/** An operation that is not understood, or that came to nothing: `isMissing` where only something was not there. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly isMissing: boolean;

  constructor(says: string, isMissing = false) {
    super(says);
    this.isMissing = isMissing;
  }
}
