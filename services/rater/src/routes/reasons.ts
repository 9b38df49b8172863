import { reasonsPage, verificationPage } from "@raingauge/documents";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { sendPage, wantsPage } from "../html-reply.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { type VerifySources, verify } from "../verify.ts";
import { viewWhy, WhyView } from "../views/why.ts";
import { type WhyQuery, type WhySources, why } from "../why.ts";

const LevelView = z.object({
  passed: z.boolean(),
  findings: z
    .array(z.object({ check: z.string(), line: z.number().int().optional(), sentence: z.string() }))
    .readonly(),
  gone: z.string().optional().describe("Why nothing was compared: retention removed the readings."),
});

const VerificationView = z.object({
  number: z.string(),
  passed: z.boolean(),
  frozen: LevelView.describe("From the usages frozen with the invoice, its seal and its place in the chain."),
  readings: LevelView.describe("From the readings as they were known when it was issued."),
});

/** Why a line says what it says, and whether an invoice still comes out the same. */
export const reasonRoutes: Routes<VerifySources & WhySources> = async (app, sources) => {
  const reasons = {
    summary: "Why a line says what it says: rule, usages, readings, messages; a page where `text/html` is accepted",
    params: z.object({ number: z.string(), position: z.coerce.number().int().min(1) }),
    querystring: z.object({
      offset: z.coerce.number().int().min(0).default(0).describe("Which of the line's usages comes first, from 0."),
      usages: z.coerce.number().int().min(1).max(100).default(20).describe("How many usages at most."),
      readings: z.coerce.number().int().min(0).max(10_000).default(50).describe("How many readings of each at most."),
    }),
    produces: ["application/json", "text/html"],
    response: { 200: z.union([WhyView, z.string()]) },
  };
  app.get(
    "/v1/invoices/:number/lines/:position/why",
    { schema: reasons, config: { admits: ANYBODY } },
    async (request, reply) => {
      const { number, position } = request.params;
      const found = await why(sources, number, position, scopeOf(request), request.query);
      if (found === undefined) throw new Problem("NOT_FOUND");
      const view = viewWhy(found, request.query.offset);
      return wantsPage(request) ? sendPage(reply, reasonsPage(found, { next: nextOf(request.query, view) })) : view;
    },
  );

  const verification = {
    summary:
      "Computes an invoice again, from its frozen usages and from the readings; a page where `text/html` is accepted",
    params: z.object({ number: z.string() }),
    produces: ["application/json", "text/html"],
    response: { 200: z.union([VerificationView, z.string()]) },
  };
  app.get(
    "/v1/invoices/:number/verify",
    { schema: verification, config: { admits: ANYBODY } },
    async (request, reply) => {
      const found = await verify(sources, request.params.number, scopeOf(request));
      if (found === undefined) throw new Problem("NOT_FOUND");
      return wantsPage(request) ? sendPage(reply, verificationPage(found)) : found;
    },
  );
};

/** The rest of a long answer, asked for in the same way. */
function nextOf(asked: WhyQuery, { usages }: z.input<typeof WhyView>): string | undefined {
  if (usages.next === undefined) return undefined;
  return `?${new URLSearchParams({ usages: String(asked.usages), readings: String(asked.readings), offset: String(usages.next) })}`;
}
