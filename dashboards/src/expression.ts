import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** One metric as an expression reads it: under its name, with the labels it is chosen by, inside those functions. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly functions: readonly string[];
}

/** What an expression says. Throws a SyntaxError where Prometheus would. */
export function selectorsOf(expr: string): readonly Selector[] {
  const found: Selector[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`not PromQL at ${node.from}: ${expr}`);
      if (node.name === "VectorSelector") found.push(selector(node.node, expr));
    },
  });
  return found;
}

/** The names by which an expression groups or matches, wherever it does. */
export function groupingsOf(expr: string): readonly string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.name === "LabelName" && node.node.parent?.name === "GroupingLabels") {
        names.push(expr.slice(node.from, node.to));
      }
    },
  });
  return names;
}

const selector = (node: SyntaxNode, expr: string): Selector => ({
  metric: textOf(node.getChild("Identifier"), expr),
  labels: labelsOf(node, expr),
  functions: functionsAround(node, expr),
});

function labelsOf(node: SyntaxNode, expr: string): readonly string[] {
  const names: string[] = [];
  node.cursor().iterate((child) => {
    if (child.name === "LabelName") names.push(expr.slice(child.from, child.to));
  });
  return names;
}

function functionsAround(node: SyntaxNode, expr: string): readonly string[] {
  const names: string[] = [];
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    if (outer.name === "FunctionCall") names.push(textOf(outer.getChild("FunctionIdentifier"), expr));
    if (outer.name === "AggregateExpr") names.push(textOf(outer.getChild("AggregateOp"), expr));
  }
  return names;
}

const textOf = (node: SyntaxNode | null, expr: string): string => (node === null ? "" : expr.slice(node.from, node.to));
