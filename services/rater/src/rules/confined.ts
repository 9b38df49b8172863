import { permits, type Scope } from "@raingauge/domain";
import type { EvaluatedRule, RuleGroup } from "./rule-groups.ts";

/**
 * What a caller may see of rules: all of it who may see every project; anybody else the rules that say something of a project
 * of theirs, with those alerts alone. What a rule asks, and how it failed, may name others' projects, and is left out.
 */
export function confined(groups: readonly RuleGroup[], scope: Scope): readonly RuleGroup[] {
  if (scope.kind === "all") return groups;
  return groups
    .map((group) => ({ ...group, rules: group.rules.flatMap((rule) => confinedRule(rule, scope)) }))
    .filter(({ rules }) => rules.length > 0);
}

function confinedRule(rule: EvaluatedRule, scope: Scope): readonly EvaluatedRule[] {
  if (rule.type === "recording") return [];
  const alerts = rule.alerts.filter(
    ({ labels }) => labels["project"] !== undefined && permits(scope, labels["project"]),
  );
  if (alerts.length === 0) return [];
  const { lastError: _, ...told } = rule;
  const state = alerts.some((alert) => alert.state === "firing") ? "firing" : "pending";
  return [{ ...told, query: "", state, alerts }];
}
