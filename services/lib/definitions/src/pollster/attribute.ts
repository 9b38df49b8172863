import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { evaluate } from "../operation/evaluate.ts";
import { parseOperation } from "../operation/parse.ts";
import { type Expression, OperationError, type Value } from "../operation/syntax.ts";
import type { Problem } from "../problem.ts";

/** Takes a value out of an answer. Throws OperationError where it is not there, or an operation comes to nothing. */
export type Attribute = (said: unknown) => Value;

/**
 * `flavor.vcpus`, or `.` for the whole, and what is made of it step by step: `user | value.split('$') | value[0]`. Problems
 * are told; the attribute then finds nothing.
 */
export function attribute(
  document: Located,
  place: Place,
  written: unknown,
  tell: (problem: Problem) => void,
): Attribute {
  if (typeof written !== "string" || written.trim() === "") {
    tell(document.problem(place, "not the name of a field"));
    return nothing;
  }
  const [path = "", ...steps] = stepsOf(written);
  const operations = steps.flatMap((step) => {
    try {
      if (!/\bvalue\b/.test(step)) throw new OperationError(`“${step.trim()}” does nothing with “value”`);
      return [parseOperation(step.trim(), ["value"])];
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      tell(document.problem(place, error.message));
      return [];
    }
  });
  return (said) => operations.reduce<Value>(operated, within(said, path.trim()));
}

const nothing: Attribute = () => {
  throw new OperationError("nothing is said of where it stands", true);
};

const operated = (value: Value, operation: Expression): Value => evaluate(operation, { value });

/** A `|` within quotes is a part of a text. */
const stepsOf = (written: string): string[] => written.match(/(?:'[^']*'|"[^"]*"|[^|])+/g) ?? [written];

function within(said: unknown, path: string): unknown {
  if (path === ".") return said;
  return path.split(".").reduce((here, key) => {
    if (typeof here === "object" && here !== null && !Array.isArray(here) && Object.hasOwn(here, key)) {
      return (here as Readonly<Record<string, unknown>>)[key];
    }
    throw new OperationError(`there is no “${path}”`, true);
  }, said);
}

/** What it finds, or undefined where nothing stands there. Throws OperationError for an operation that goes wrong. */
export function found(attribute: Attribute, said: unknown): Value | undefined {
  try {
    return attribute(said) ?? undefined;
  } catch (error) {
    if (error instanceof OperationError && error.isMissing) return undefined;
    throw error;
  }
}
