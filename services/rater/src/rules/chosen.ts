import { matching, parseSelector } from "@raingauge/promql";
import { z } from "zod";
import type { EvaluatedRule, RuleGroup } from "./rule-groups.ts";

const Several = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === "string" ? [given] : given))
  .optional();

/** As Prometheus takes them; what else is asked is passed over. */
export const RulesParameters = z.object({
  type: z.enum(["alert", "record"]).optional(),
  "rule_name[]": Several,
  "rule_group[]": Several,
  "file[]": Several,
  "match[]": Several,
  exclude_alerts: z.enum(["true", "false", ""]).optional(),
});
export type RulesQuery = z.output<typeof RulesParameters>;

/** Those groups and rules that were asked for; a group of which no rule is left goes with them. */
export function chosen(groups: readonly RuleGroup[], query: RulesQuery): readonly RuleGroup[] {
  const names = among(query["rule_name[]"]);
  const inGroups = among(query["rule_group[]"]);
  const files = among(query["file[]"]);
  const labelled = (query["match[]"] ?? []).map((selector) => matching(parseSelector(selector)));
  const kind = query.type && ({ alert: "alerting", record: "recording" } as const)[query.type];
  const wanted = (rule: EvaluatedRule): boolean =>
    (kind ?? rule.type) === rule.type &&
    names(rule.name) &&
    (labelled.length === 0 || labelled.some((matches) => matches(new Map(Object.entries(rule.labels ?? {})))));
  return groups
    .filter(({ name, file }) => inGroups(name) && files(file))
    .map((group) => ({
      ...group,
      rules: group.rules.filter(wanted).map(query.exclude_alerts === "true" ? quiet : same),
    }))
    .filter(({ rules }) => rules.length > 0);
}

const among = (names: readonly string[] | undefined): ((name: string) => boolean) =>
  names === undefined || names.length === 0 ? () => true : (name) => names.includes(name);

const quiet = (rule: EvaluatedRule): EvaluatedRule => (rule.type === "alerting" ? { ...rule, alerts: [] } : rule);
const same = (rule: EvaluatedRule): EvaluatedRule => rule;
