import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { NAME } from "../label-set.ts";
import { compiled, type Matcher, testOf } from "../matcher.ts";
import { parseError, QueryError } from "../query-error.ts";
import { checkTypes } from "./check.ts";
import type {
  Aggregation,
  Binary,
  Expression,
  Grouping,
  Matching,
  Pin,
  Selector,
  Shift,
  Subquery,
} from "./expression.ts";
import { durationOf, numberOf, unquoted } from "./literal.ts";

/** What a query says. Throws QueryError of type bad_data, with the position, for what is no query or is not supported. */
export function parse(text: string): Expression {
  const reading = new Reading(text);
  const expression = reading.expression(reading.top());
  checkTypes(text, expression);
  return expression;
}

/** One selector of its own, as `match[]` has it. */
export function parseSelector(text: string): readonly Matcher[] {
  const expression = parse(text);
  if (
    expression.kind !== "selector" ||
    expression.range !== undefined ||
    expression.offset !== 0 ||
    expression.pin !== undefined
  )
    throw parseError(text, 0, "a plain selector is expected");
  return expression.matchers;
}

const EXPERIMENTAL = new Set(["AnchoredExpr", "SmoothedExpr", "FillModifier"]);

/** One query being read. It counts the selectors that it meets. */
class Reading {
  readonly #text: string;
  #selectors = 0;

  constructor(text: string) {
    this.#text = text;
  }

  top(): SyntaxNode {
    if (this.#text.trim() === "") throw parseError(this.#text, 0, "no expression found in input");
    const root = parser.parse(this.#text).topNode;
    const cursor = root.cursor();
    do {
      if (cursor.type.isError) throw this.#unexpected(cursor.from);
      if (EXPERIMENTAL.has(cursor.name))
        throw this.#fail(cursor.node, `${cursor.name} is experimental and not supported`);
    } while (cursor.next());
    const [only] = childrenOf(root).filter(({ name }) => name !== "LineComment");
    if (only === undefined) throw parseError(this.#text, 0, "no expression found in input");
    return only;
  }

  expression(node: SyntaxNode): Expression {
    const position = node.from;
    switch (node.name) {
      case "ParenExpr":
        return this.expression(this.#children(node)[0] as SyntaxNode);
      case "NumberDurationLiteral":
        return { kind: "number", position, value: this.#number(node) };
      case "StringLiteral":
        return { kind: "string", position, text: this.#string(node) };
      case "UnaryExpr":
        return this.#unary(node);
      case "VectorSelector":
        return this.#selector(node);
      case "MatrixSelector":
        return this.#matrix(node);
      case "SubqueryExpr":
        return this.#subquery(node);
      case "OffsetExpr":
        return this.#offset(node);
      case "StepInvariantExpr":
        return this.#pinned(node);
      case "AggregateExpr":
        return this.#aggregation(node);
      case "BinaryExpr":
        return this.#binary(node);
      case "FunctionCall":
        return this.#call(node);
      default:
        throw this.#fail(node, `${node.name} is not supported`);
    }
  }

  #unary(node: SyntaxNode): Expression {
    const [sign, operand] = this.#children(node);
    const of = this.expression(operand as SyntaxNode);
    if (this.#said(sign) === "+") return of;
    return of.kind === "number" ? { ...of, value: -of.value } : { kind: "negation", position: node.from, of };
  }

  #selector(node: SyntaxNode): Selector {
    const name = node.getChild("Identifier");
    const listed = node.getChild("LabelMatchers");
    const matchers = [
      ...(name === null ? [] : [{ label: NAME, op: "=" as const, value: this.#said(name) }]),
      ...(listed === null ? [] : this.#children(listed).map((each) => this.#matcher(each))),
    ];
    if (matchers.filter(({ label, op }) => label === NAME && op === "=").length > 1)
      throw this.#fail(node, "metric name must not be set twice");
    if (matchers.every((matcher) => testOf(matcher)("")))
      throw this.#fail(node, "vector selector must contain at least one non-empty matcher");
    return { kind: "selector", position: node.from, id: this.#selectors++, matchers, offset: 0 };
  }

  #matcher(node: SyntaxNode): Matcher {
    if (node.name === "QuotedLabelName") return { label: NAME, op: "=", value: this.#string(node.firstChild) };
    const quoted = node.getChild("QuotedLabelName");
    const label = quoted === null ? this.#said(node.getChild("LabelName")) : this.#string(quoted.firstChild);
    const op = this.#said(node.getChild("MatchOp")) as Matcher["op"];
    const value = this.#string(node.getChild("StringLiteral"));
    if (op === "=~" || op === "!~") this.#valid(node, value);
    return { label, op, value };
  }

  #valid(node: SyntaxNode, pattern: string): void {
    try {
      compiled(pattern);
    } catch (error) {
      throw error instanceof QueryError ? this.#fail(node, error.message) : error;
    }
  }

  #matrix(node: SyntaxNode): Selector {
    const [selected, range] = this.#children(node);
    const selector = this.expression(selected as SyntaxNode);
    if (selector.kind !== "selector" || selector.range !== undefined)
      throw this.#fail(node, "ranges only allowed for vector selectors");
    if (selector.offset !== 0 || selector.pin !== undefined)
      throw this.#fail(node, "no offset modifiers allowed before range");
    return { ...selector, range: this.#range(range) };
  }

  #subquery(node: SyntaxNode): Subquery {
    const [inner, range, step] = this.#children(node);
    return {
      kind: "subquery",
      position: node.from,
      of: this.expression(inner as SyntaxNode),
      range: this.#range(range),
      ...(step === undefined ? {} : { step: this.#range(step) }),
      offset: 0,
    };
  }

  #range(node: SyntaxNode | undefined): number {
    const ms = this.#duration(node);
    if (ms <= 0) throw this.#fail(node, "duration must be greater than 0");
    return ms;
  }

  #duration(node: SyntaxNode | null | undefined): number {
    const said = this.#said(node).replaceAll(/[\s()]/g, "");
    const [, sign, size = ""] = /^([+-]?)(.*)$/.exec(said) ?? [];
    const seconds = numberOf(size);
    const ms = durationOf(size) ?? (seconds === undefined ? undefined : seconds * 1_000);
    if (ms === undefined || !Number.isFinite(ms))
      throw this.#fail(node, "arithmetic in durations is experimental and not supported");
    return sign === "-" ? -ms : ms;
  }

  #offset(node: SyntaxNode): Expression {
    const [moved, , by] = this.#children(node);
    return this.#shifted(node, moved, (before) => {
      if (before.offset !== 0) throw this.#fail(node, "offset may not be set multiple times");
      return { offset: this.#duration(by) };
    });
  }

  #pinned(node: SyntaxNode): Expression {
    const [moved, , to] = this.#children(node);
    return this.#shifted(node, moved, (before) => {
      if (before.pin !== undefined) throw this.#fail(node, "@ <timestamp> may not be set multiple times");
      return { pin: this.#pin(to) };
    });
  }

  #pin(node: SyntaxNode | undefined): Pin {
    const said = this.#said(node);
    if (said.startsWith("start")) return "start";
    if (said.startsWith("end")) return "end";
    const seconds = this.#number(node as SyntaxNode);
    if (!Number.isFinite(seconds)) throw this.#fail(node, "timestamp out of bounds for @ modifier");
    return Math.round(seconds * 1_000);
  }

  /** The grammar lets a modifier take the whole of what is left of it; it belongs to the last operand. */
  #shifted(node: SyntaxNode, moved: SyntaxNode | undefined, by: (before: Shift) => Partial<Shift>): Expression {
    return this.#shiftedLast(node, moved, this.expression(moved as SyntaxNode), by);
  }

  #shiftedLast(
    node: SyntaxNode,
    moved: SyntaxNode | undefined,
    expression: Expression,
    by: (before: Shift) => Partial<Shift>,
  ): Expression {
    const last = this.#children(moved).at(-1);
    if (moved?.name === "BinaryExpr" && expression.kind === "binary")
      return { ...expression, right: this.#shiftedLast(node, last, expression.right, by) };
    if (moved?.name === "UnaryExpr" && expression.kind === "negation")
      return { ...expression, of: this.#shiftedLast(node, last, expression.of, by) };
    if (moved?.name === "UnaryExpr") return this.#shiftedLast(node, last, expression, by);
    if (expression.kind !== "selector" && expression.kind !== "subquery") throw this.#unshiftable(node);
    return { ...expression, ...by(expression) };
  }

  #unshiftable(node: SyntaxNode): QueryError {
    return this.#fail(node, "a modifier must be preceded by a selector or a subquery");
  }

  #aggregation(node: SyntaxNode): Aggregation {
    const args = this.#children(node.getChild("FunctionCallBody")).map((each) => this.expression(each));
    const modifier = node.getChild("AggregateModifier");
    const op = this.#said(node.getChild("AggregateOp")).toLowerCase();
    if (op === "limitk" || op === "limit_ratio") throw this.#fail(node, `${op} is experimental and not supported`);
    const wanted = WITH_PARAMETER.has(op) ? 2 : 1;
    if (args.length !== wanted)
      throw this.#fail(
        node,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    const [of, parameter] = args.toReversed() as [Expression, Expression?];
    const grouping = this.#grouping(modifier);
    return {
      kind: "aggregation",
      position: node.from,
      op,
      grouping,
      of,
      ...(parameter === undefined ? {} : { parameter }),
    };
  }

  #grouping(modifier: SyntaxNode | null): Grouping {
    if (modifier === null) return { without: false, labels: [] };
    return { without: modifier.getChild("Without") !== null, labels: this.#names(modifier.getChild("GroupingLabels")) };
  }

  #binary(node: SyntaxNode): Binary {
    const children = this.#children(node);
    const op = this.#said(children[1]).toLowerCase();
    return {
      kind: "binary",
      position: node.from,
      op,
      bool: node.getChild("BoolModifier") !== null,
      matching: this.#matching(node.getChild("MatchingModifierClause")),
      left: this.expression(children[0] as SyntaxNode),
      right: this.expression(children.at(-1) as SyntaxNode),
    };
  }

  #matching(clause: SyntaxNode | null): Matching {
    if (clause === null) return { on: false, labels: [], include: [] };
    const [labels, include] = clause.getChildren("GroupingLabels");
    const group =
      clause.getChild("GroupLeft") !== null ? "left" : clause.getChild("GroupRight") !== null ? "right" : undefined;
    return {
      on: clause.getChild("On") !== null,
      labels: this.#names(labels),
      include: this.#names(include),
      ...(group === undefined ? {} : { group }),
    };
  }

  #call(node: SyntaxNode): Expression {
    const name = this.#said(node.getChild("FunctionIdentifier"));
    const args = this.#children(node.getChild("FunctionCallBody")).map((each) => this.expression(each));
    return { kind: "call", position: node.from, name, args };
  }

  #names(node: SyntaxNode | null | undefined): string[] {
    return this.#children(node).map((each) =>
      each.name === "QuotedLabelName" ? this.#string(each.firstChild) : this.#said(each),
    );
  }

  /** A child in brackets alone is punctuation of an empty list. */
  #children(node: SyntaxNode | null | undefined): SyntaxNode[] {
    return childrenOf(node).filter((child) => child.name !== "LineComment" && /[^(){},[\]]/.test(this.#said(child)));
  }

  #number(node: SyntaxNode): number {
    const value = numberOf(this.#said(node).replaceAll(/\s/g, ""));
    if (value === undefined) throw this.#fail(node, `error parsing number: ${this.#said(node)}`);
    return value;
  }

  #string(node: SyntaxNode | null | undefined): string {
    const text = unquoted(this.#said(node));
    if (text === undefined) throw this.#fail(node, "invalid escape sequence in string");
    return text;
  }

  #said(node: SyntaxNode | null | undefined): string {
    return node === null || node === undefined ? "" : this.#text.slice(node.from, node.to);
  }

  #unexpected(position: number): QueryError {
    const rest = /^\S+/.exec(this.#text.slice(position).trimStart())?.[0];
    return parseError(
      this.#text,
      position,
      rest === undefined ? "unexpected end of input" : `unexpected ${JSON.stringify(rest)}`,
    );
  }

  #fail(node: SyntaxNode | null | undefined, says: string): QueryError {
    return parseError(this.#text, node?.from ?? 0, says);
  }
}

const WITH_PARAMETER: ReadonlySet<string> = new Set(["topk", "bottomk", "quantile", "count_values"]);

function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
