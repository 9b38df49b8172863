import { minus, type Rational, rational, times } from "@raingauge/domain";
import { computed } from "../exact.ts";
import { asText, FUNCTIONS } from "./functions.ts";
import { METHODS } from "./methods.ts";
import { floor, isNumber, numberOf, shown, wholeOf } from "./number.ts";
import { type Arithmetic, type Compared, type Expression, type Loop, OperationError, type Value } from "./syntax.ts";
import { bounded, isList, isSame, isTable, isTrue, itemsOf, ordered, reasonable, textOf } from "./value.ts";

export type Scope = Readonly<Record<string, Value>>;

/** Computes an operation. It reads nothing but its scope and always ends. Throws OperationError for what comes to nothing. */
export function evaluate(expression: Expression, scope: Scope): Value {
  return evaluated(expression, scope, { left: STEPS_MAX });
}

const STEPS_MAX = 1_000_000;

interface Steps {
  left: number;
}

function evaluated(expression: Expression, scope: Scope, steps: Steps): Value {
  steps.left -= 1;
  if (steps.left < 0) throw new OperationError("too much to compute");
  const value = (inner: Expression, within: Scope = scope): Value => evaluated(inner, within, steps);
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "name":
      return scope[expression.name];
    case "list":
      return expression.items.map((each) => value(each));
    case "table":
      return Object.fromEntries(expression.entries.map(([key, each]) => [asText(value(key)), value(each)]));
    case "each":
      return looped(expression.loops, scope, value).map((within) => value(expression.item, within));
    case "item":
      return itemOf(value(expression.of), value(expression.index));
    case "slice": {
      const [from, to] = [expression.from, expression.to].map((each) =>
        each === undefined ? undefined : wholeOf(value(each)),
      );
      const of = value(expression.of);
      return isList(of) ? of.slice(from, to) : textOf(of).slice(from, to);
    }
    case "call":
      return FUNCTIONS[expression.name]?.(expression.given.map((each) => value(each)));
    case "method":
      return METHODS[expression.name]?.(
        value(expression.of),
        expression.given.map((each) => value(each)),
      );
    case "lambda":
      return (...given: readonly Value[]) => value(expression.body, { ...scope, ...named(expression.names, given) });
    case "negative":
      return minus(rational(0n), numberOf(arithmetical(value(expression.of))));
    case "not":
      return !isTrue(value(expression.of));
    case "and": {
      const left = value(expression.left);
      return isTrue(left) ? value(expression.right) : left;
    }
    case "or": {
      const left = value(expression.left);
      return isTrue(left) ? left : value(expression.right);
    }
    case "arithmetic":
      return calculated(expression.operator, value(expression.left), value(expression.right));
    case "comparison":
      return compared(value(expression.first), expression.rest, value);
    case "choice":
      return value(isTrue(value(expression.when)) ? expression.then : expression.otherwise);
  }
}

function looped(
  [loop, ...inner]: readonly Loop[],
  scope: Scope,
  value: (inner: Expression, within: Scope) => Value,
): readonly Scope[] {
  if (loop === undefined) return [scope];
  return itemsOf(value(loop.over, scope)).flatMap((each) => {
    const { names, tests } = loop;
    const within = { ...scope, ...named(names, names.length === 1 ? [each] : itemsOf(each)) };
    return tests.every((test) => isTrue(value(test, within))) ? looped(inner, within, value) : [];
  });
}

function named(names: readonly string[], values: readonly Value[]): Scope {
  if (names.length !== values.length) throw new OperationError(`${values.length} values for ${names.join(", ")}`);
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

function itemOf(of: Value, index: Value): Value {
  if (isTable(of)) {
    if (Object.hasOwn(of, asText(index))) return of[asText(index)];
    throw new OperationError("there is no such key in it", true);
  }
  if (!isList(of) && typeof of !== "string") throw new OperationError(`${shown(of)} holds no items`, of === null);
  const found = isList(of) ? of.at(wholeOf(index)) : of.at(wholeOf(index));
  if (found === undefined) throw new OperationError(`there is no item ${shown(index)} in it`, true);
  return found;
}

const arithmetical = (value: Value): Value => {
  if (!isNumber(value)) throw new OperationError(`${shown(value)} is no number`);
  return value;
};

function calculated(operator: Arithmetic, left: Value, right: Value): Value {
  if (operator === "+" && typeof left === "string" && typeof right === "string") return bounded(left + right);
  if (operator === "+" && isList(left) && isList(right)) return [...left, ...right];
  if (operator === "%" && typeof left === "string") throw new OperationError("texts that are filled in: say it with +");
  const [one, other] = [numberOf(arithmetical(left)), numberOf(arithmetical(right))];
  return reasonable(result(operator, one, other));
}

function result(operator: Arithmetic, one: Rational, other: Rational): Rational {
  switch (operator) {
    case "//":
      return rational(floor(basic("/", one, other)));
    case "%":
      return minus(one, times(rational(floor(basic("/", one, other))), other));
    case "**":
      return power(one, wholeOf(other));
    case "+":
    case "-":
    case "*":
    case "/":
      return basic(operator, one, other);
  }
}

function basic(...given: Parameters<typeof computed>): Rational {
  const value = computed(...given);
  if (value === undefined) throw new OperationError("divided by nothing");
  return value;
}

function power(base: Rational, exponent: number): Rational {
  if (Math.abs(exponent) > 64) throw new OperationError("to more than the power of 64");
  if (exponent < 0 && base.numerator === 0n) throw new OperationError("divided by nothing");
  const size = BigInt(Math.abs(exponent));
  const [up, down] = [base.numerator ** size, base.denominator ** size];
  return exponent < 0 ? rational(down, up) : rational(up, down);
}

function compared(first: Value, rest: readonly Compared[], value: (inner: Expression) => Value): boolean {
  let left = first;
  for (const { operator, with: right } of rest) {
    const other = value(right);
    if (!holds(left, operator, other)) return false;
    left = other;
  }
  return true;
}

function holds(left: Value, operator: Compared["operator"], right: Value): boolean {
  switch (operator) {
    case "==":
    case "is":
      return isSame(left, right);
    case "!=":
    case "is not":
      return !isSame(left, right);
    case "<":
      return ordered(left, right) < 0;
    case "<=":
      return ordered(left, right) <= 0;
    case ">":
      return ordered(left, right) > 0;
    case ">=":
      return ordered(left, right) >= 0;
    case "in":
      return isIn(left, right);
    case "not in":
      return !isIn(left, right);
  }
}

function isIn(left: Value, right: Value): boolean {
  if (typeof right === "string") return right.includes(textOf(left));
  if (isTable(right)) return Object.hasOwn(right, asText(left));
  return itemsOf(right).some((each) => isSame(left, each));
}
