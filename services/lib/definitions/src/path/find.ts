import type { Rational } from "@raingauge/domain";
import { computed, exact, isRational } from "../exact.ts";
import type { Comparison, Expression, Operator, Step, Test } from "./expression.ts";

/** What a path finds, and where: the way there, as Ceilometer's plugins name it. */
export interface Found {
  readonly way: string;
  readonly value: unknown;
}

/** All that a path finds in a message, in order; nulls too. What it does not find is no error: services leave things out. */
export function find(expression: Expression, message: unknown): readonly Found[] {
  switch (expression.kind) {
    case "constant":
      return [{ way: "", value: expression.value }];
    case "union":
      return expression.of.flatMap((each) => find(each, message));
    case "operation":
      return calculated(
        expression.operator,
        find(expression.left, message),
        find(expression.right, message),
        expression,
      );
    case "path":
      return expression.steps.reduce<readonly Found[]>(
        (found, step) => found.flatMap((each) => stepped(each, step)),
        [{ way: "", value: message }],
      );
  }
}

type Operation = Extract<Expression, { kind: "operation" }>;

/** Pairwise where both sides were found; a constant goes with each. Values that do not go together come to nothing. */
function calculated(
  operator: Operator,
  left: readonly Found[],
  right: readonly Found[],
  of: Pick<Operation, "left" | "right">,
): readonly Found[] {
  const count = of.left.kind === "constant" ? right.length : left.length;
  if (of.left.kind !== "constant" && of.right.kind !== "constant" && left.length !== right.length) return [];
  const results = Array.from({ length: count }, (_, index) => {
    const one = left[of.left.kind === "constant" ? 0 : index]?.value;
    const other = right[of.right.kind === "constant" ? 0 : index]?.value;
    return operated(operator, one, other);
  });
  return results.some((value) => value === undefined) ? [] : results.map((value) => ({ way: "", value }));
}

function operated(operator: Operator, left: unknown, right: unknown): string | Rational | undefined {
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  const [one, other] = [exact(left), exact(right)];
  if (typeof left === "string" || typeof right === "string" || one === undefined || other === undefined)
    return undefined;
  return computed(operator, one, other);
}

const along = (way: string, next: string): string => (way === "" ? next : `${way}.${next}`);

function stepped({ way, value }: Found, step: Step): readonly Found[] {
  switch (step.kind) {
    case "field":
      return isTable(value) && Object.hasOwn(value, step.name)
        ? [{ way: along(way, step.name), value: value[step.name] }]
        : [];
    case "fields":
      return isTable(value)
        ? Object.entries(value).map(([name, member]) => ({ way: along(way, name), value: member }))
        : [];
    case "item":
      return itemsOf(value)
        .slice(step.index, step.index + 1)
        .map(indexed(way, step.index));
    case "items":
      return itemsOf(value).map(indexed(way, 0));
    case "where":
      return Array.isArray(value)
        ? value.map(indexed(way, 0)).filter((each) => step.tests.every(holds(each.value)))
        : [];
    case "split":
      return typeof value === "string" ? splitUp(way, value.split(step.separator), step) : [];
  }
}

const indexed =
  (way: string, from: number) =>
  (value: unknown, index: number): Found => ({ way: along(way, `[${from + index}]`), value });

/** One thing that is no list is taken for a list of one, as Ceilometer does. */
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isTable(value) ? [value] : []);

function splitUp(
  way: string,
  parts: readonly string[],
  { separator, segment, max }: Extract<Step, { kind: "split" }>,
): readonly Found[] {
  const kept = max < 0 || parts.length <= max + 1 ? parts : [...parts.slice(0, max), parts.slice(max).join(separator)];
  const value = kept[segment];
  return value === undefined ? [] : [{ way, value }];
}

const holds =
  (item: unknown) =>
  ({ field, comparison }: Test): boolean => {
    if (!isTable(item) || !Object.hasOwn(item, field)) return false;
    return comparison === undefined || compared(item[field], comparison.operator, comparison.value);
  };

function compared(value: unknown, operator: Comparison, other: string | number): boolean {
  const told = typeof other === "number" && typeof value === "string" ? Number(value) : value;
  switch (operator) {
    case "=":
      return told === other;
    case "!=":
      return told !== other;
    case "<":
      return typeof told === typeof other && (told as number) < (other as number);
    case "<=":
      return typeof told === typeof other && (told as number) <= (other as number);
    case ">":
      return typeof told === typeof other && (told as number) > (other as number);
    case ">=":
      return typeof told === typeof other && (told as number) >= (other as number);
  }
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRational(value);
