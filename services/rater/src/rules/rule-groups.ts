import { z } from "zod";

/** Labels and annotations: texts by name. */
const Texts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});

const Alert = z.object({
  labels: Texts,
  annotations: Texts,
  state: z.string(),
  activeAt: z.string().optional(),
  keepFiringSince: z.string().optional(),
  value: z.string(),
});
export type ActiveAlert = z.output<typeof Alert>;

/** What every rule says of its last evaluation. */
const evaluated = {
  name: z.string(),
  query: z.string(),
  health: z.string(),
  lastError: z.string().optional(),
  evaluationTime: z.number(),
  lastEvaluation: z.string(),
};

/** vmalert's own fields are left out, and what it has of a recording rule that Prometheus has not. */
const Rule = z.discriminatedUnion("type", [
  z.object({
    state: z.string(),
    ...evaluated,
    duration: z.number(),
    keepFiringFor: z.number().optional(),
    labels: Texts,
    annotations: Texts,
    alerts: z
      .array(Alert)
      .nullish()
      .transform((given) => given ?? []),
    type: z.literal("alerting"),
  }),
  z.object({ ...evaluated, labels: Texts.optional(), type: z.literal("recording") }),
]);
export type EvaluatedRule = z.output<typeof Rule>;

const Group = z.object({
  name: z.string(),
  file: z.string(),
  rules: z.array(Rule),
  interval: z.number(),
  limit: z.number().optional(),
  evaluationTime: z.number().optional(),
  lastEvaluation: z.string().optional(),
});

/** Rules with how they stood when they were last evaluated, as `/api/v1/rules` of Prometheus and of vmalert tells it. */
export type RuleGroup = z.output<typeof Group>;

export const RulesAnswer = z.object({
  status: z.literal("success"),
  data: z.object({ groups: z.array(Group) }),
});

/** What is pending or firing, of all rules. */
export const alertsOf = (groups: readonly RuleGroup[]): readonly ActiveAlert[] =>
  groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.type === "alerting" ? rule.alerts : [])));
