import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { type VerifySources, verify } from "../verify.ts";
import { viewWhy, WhyView } from "../views/why.ts";
import { type WhySources, why } from "../why.ts";

const LevelView = z.object({
  passed: z.boolean(),
  findings: z
    .array(z.object({ check: z.string(), line: z.number().int().optional(), sentence: z.string() }))
    .readonly(),
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
    summary: "Why a line says what it says: rule, usages, readings, messages",
    params: z.object({ number: z.string(), position: z.coerce.number().int().min(1) }),
    querystring: z.object({
      offset: z.coerce.number().int().min(0).default(0).describe("Which of the line's usages comes first, from 0."),
      usages: z.coerce.number().int().min(1).max(100).default(20).describe("How many usages at most."),
      readings: z.coerce.number().int().min(0).max(10_000).default(50).describe("How many readings of each at most."),
    }),
    response: { 200: WhyView },
  };
  app.get(
    "/v1/invoices/:number/lines/:position/why",
    { schema: reasons, config: { admits: ANYBODY } },
    async (request) => {
      const { number, position } = request.params;
      const found = await why(sources, number, position, scopeOf(request), request.query);
      const view = found === undefined ? undefined : viewWhy(found, request.query.offset);
      if (view === undefined) throw new Problem("NOT_FOUND");
      return view;
    },
  );

  const verification = {
    summary: "Computes an invoice again, from its frozen usages and from the readings",
    params: z.object({ number: z.string() }),
    response: { 200: VerificationView },
  };
  app.get("/v1/invoices/:number/verify", { schema: verification, config: { admits: ANYBODY } }, async (request) => {
    const found = await verify(sources, request.params.number, scopeOf(request));
    if (found === undefined) throw new Problem("NOT_FOUND");
    return found;
  });
};
