import { parseError } from "../query-error.ts";
import type { Aggregation, Binary, Call, Expression, ValueType } from "./expression.ts";
import { SIGNATURES } from "./signatures.ts";

const SET_OPERATORS: ReadonlySet<string> = new Set(["and", "or", "unless"]);
export const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", ">", "<", ">=", "<="]);

/** What kind of value an expression has. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "selector":
      return expression.range === undefined ? "vector" : "matrix";
    case "subquery":
      return "matrix";
    case "aggregation":
      return "vector";
    case "negation":
      return typeOf(expression.of);
    case "call":
      return SIGNATURES.get(expression.name)?.returns ?? "vector";
    case "binary":
      return typeOf(expression.left) === "scalar" && typeOf(expression.right) === "scalar" ? "scalar" : "vector";
  }
}

/** Throws QueryError where an operand is of a kind that its place does not take. */
export function checkTypes(text: string, expression: Expression): void {
  switch (expression.kind) {
    case "number":
    case "string":
    case "selector":
      return;
    case "subquery":
      checkTypes(text, expression.of);
      expectType(text, expression.of, ["vector", "scalar"], "subquery");
      return;
    case "negation":
      checkTypes(text, expression.of);
      expectType(text, expression.of, ["vector", "scalar"], "unary expression");
      return;
    case "aggregation":
      checkAggregation(text, expression);
      return;
    case "binary":
      checkBinary(text, expression);
      return;
    case "call":
      checkCall(text, expression);
      return;
  }
}

function checkAggregation(text: string, { op, of, parameter }: Aggregation): void {
  checkTypes(text, of);
  expectType(text, of, ["vector"], "aggregation expression");
  if (parameter === undefined) return;
  checkTypes(text, parameter);
  expectType(text, parameter, [op === "count_values" ? "string" : "scalar"], "aggregation parameter");
}

function checkBinary(text: string, { op, bool, left, right, matching, position }: Binary): void {
  for (const side of [left, right]) {
    checkTypes(text, side);
    expectType(text, side, ["vector", "scalar"], "binary expression");
  }
  const areScalars = typeOf(left) === "scalar" && typeOf(right) === "scalar";
  const areVectors = typeOf(left) === "vector" && typeOf(right) === "vector";
  if (bool && !COMPARISONS.has(op))
    throw parseError(text, position, "bool modifier can only be used on comparison operators");
  if (COMPARISONS.has(op) && areScalars && !bool)
    throw parseError(text, position, "comparisons between scalars must use BOOL modifier");
  if (SET_OPERATORS.has(op) && !areVectors)
    throw parseError(text, position, `set operator ${JSON.stringify(op)} not allowed in binary scalar expression`);
  if (SET_OPERATORS.has(op) && matching.group !== undefined)
    throw parseError(text, position, `no grouping allowed for ${JSON.stringify(op)} operation`);
  if (!areVectors && (matching.on || matching.labels.length > 0))
    throw parseError(text, position, "vector matching only allowed between instant vectors");
  const both = matching.on ? matching.include.find((label) => matching.labels.includes(label)) : undefined;
  if (both !== undefined)
    throw parseError(text, position, `label ${JSON.stringify(both)} must not occur in ON and GROUP clause at once`);
}

function checkCall(text: string, { name, args, position }: Call): void {
  const signature = SIGNATURES.get(name);
  if (signature === undefined)
    throw parseError(
      text,
      position,
      `function ${JSON.stringify(name)} is not supported: it is experimental or needs native histograms`,
    );
  const { args: wanted, optional = 0, many = false } = signature;
  if (args.length < wanted.length - optional || (!many && args.length > wanted.length))
    throw parseError(
      text,
      position,
      `expected ${wanted.length} argument(s) in call to ${JSON.stringify(name)}, got ${args.length}`,
    );
  for (const [index, arg] of args.entries()) {
    checkTypes(text, arg);
    expectType(
      text,
      arg,
      [wanted[Math.min(index, wanted.length - 1)] ?? "scalar"],
      `call to function ${JSON.stringify(name)}`,
    );
  }
}

const WORDS: Readonly<Record<ValueType, string>> = {
  scalar: "scalar",
  vector: "instant vector",
  matrix: "range vector",
  string: "string",
};

function expectType(text: string, given: Expression, wanted: readonly ValueType[], where: string): void {
  const type = typeOf(given);
  if (wanted.includes(type)) return;
  const words = wanted.map((each) => WORDS[each]).join(" or ");
  throw parseError(text, given.position, `expected type ${words} in ${where}, got ${WORDS[type]}`);
}
