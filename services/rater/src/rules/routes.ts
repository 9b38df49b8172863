import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { send, success } from "../prometheus/said.ts";
import type { Routes } from "../schema.ts";
import { chosen, RulesParameters } from "./chosen.ts";
import { confined } from "./confined.ts";
import type { Rules } from "./evaluator.ts";
import { alertsOf } from "./rule-groups.ts";

const Answer = z.unknown().describe("As Prometheus answers.");

/** What Grafana lists under *Alerting*. */
export function ruleRoutes(app: Parameters<Routes<object>>[0], base: string, evaluated: Rules): void {
  const config = { admits: ANYBODY };
  const standing = {
    hide: true,
    summary: "Rules, and how they stand",
    querystring: RulesParameters,
    response: { 200: Answer },
  };
  app.get(`${base}/api/v1/rules`, { schema: standing, config }, async (request, reply) => {
    const { groups, warnings } = await evaluated();
    const told = chosen(confined(groups, scopeOf(request)), request.query);
    return send(reply, success(JSON.stringify({ groups: told }), { warnings, infos: [] }));
  });
  const active = { hide: true, summary: "Alerts that are pending or firing", response: { 200: Answer } };
  app.get(`${base}/api/v1/alerts`, { schema: active, config }, async (request, reply) => {
    const { groups, warnings } = await evaluated();
    const alerts = alertsOf(confined(groups, scopeOf(request)));
    return send(reply, success(JSON.stringify({ alerts }), { warnings, infos: [] }));
  });
}
