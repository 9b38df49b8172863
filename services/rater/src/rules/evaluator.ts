import { QueryError } from "@raingauge/promql";
import { type RuleGroup, RulesAnswer } from "./rule-groups.ts";
import type { RulesSettings } from "./settings.ts";
import { shippedGroups } from "./shipped.ts";

export interface ToldRules {
  readonly groups: readonly RuleGroup[];
  readonly warnings: readonly string[];
}

/** Tells which rules there are and how they stand. */
export type Rules = () => Promise<ToldRules>;

/**
 * Rules are evaluated elsewhere, by vmalert or Prometheus, which is asked how they stand. Where none is named, the shipped rules
 * are told as Prometheus tells of rules that it has loaded and never evaluated: nothing is known of them, and nobody is woken.
 */
export function rulesOf({ rulesUrl, rulesToken }: RulesSettings): Rules {
  if (rulesUrl === undefined) {
    const groups = shippedGroups();
    return async () => ({ groups, warnings: [NOT_EVALUATED] });
  }
  const { username, password } = rulesUrl;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const authorization =
    rulesToken === undefined ? username !== "" && `Basic ${basic}` : `Bearer ${rulesToken.reveal()}`;
  const url = new URL(`${rulesUrl.pathname.replace(/\/$/, "")}/api/v1/rules`, rulesUrl.origin);
  return async () => ({ groups: await asked(url, authorization === false ? {} : { authorization }), warnings: [] });
}

const NOT_EVALUATED =
  "nothing evaluates rules here: these are the shipped ones, and nothing is known of their state (RAINGAUGE_RULES_URL names a vmalert or Prometheus that does)";

const ANSWER_MILLISECONDS = 10_000;

/** An evaluator that does not answer is told of as that: an empty list would say that nothing fires. */
async function asked(url: URL, headers: Readonly<Record<string, string>>): Promise<readonly RuleGroup[]> {
  const response = await fetch(url, {
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
  }).catch(() => undefined);
  if (response === undefined) throw unavailable("cannot be reached now");
  if (!response.ok) {
    await response.body?.cancel();
    throw unavailable(`answered ${response.status}`);
  }
  const answer = RulesAnswer.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw unavailable("answered what no rules can be read from");
  return answer.data.data.groups;
}

const unavailable = (says: string): QueryError =>
  new QueryError("unavailable", `what evaluates rules (RAINGAUGE_RULES_URL) ${says}`);
