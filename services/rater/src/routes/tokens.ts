import type { Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ADMINS } from "../access.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "grant" | "revoke">;
}

const TokenRequest = z.strictObject({
  name: z.string().min(1).max(100).describe("Whose it is; every token has a name of its own."),
  role: z.enum(["admin", "finance", "reader"]),
  projects: z
    .array(z.string().min(1))
    .max(10_000)
    .default([])
    .describe("What a reader may see; the other roles see all."),
});

const TokenView = z.object({ name: z.string(), token: z.string().describe("Shown once; only its digest is kept.") });

/** Tokens of this service itself, for where there is no Keystone. */
export const tokenRoutes: Routes<Collaborators> = async (app, { ledger }) => {
  const grant = { summary: "Makes a token and shows it, once", body: TokenRequest, response: { 201: TokenView } };
  app.post("/v1/tokens", { schema: grant, config: { admits: ADMINS, answersSecret: true } }, async (request, reply) => {
    const token = await ledger.grant(request.body);
    return reply.code(201).header("cache-control", "no-store").send({ name: request.body.name, token });
  });

  const revoke = {
    summary: "Ends a token at once",
    params: z.object({ name: z.string() }),
    response: { 200: z.object({ revoked: z.literal(true) }) },
  };
  app.delete("/v1/tokens/:name", { schema: revoke, config: { admits: ADMINS } }, async (request) => {
    if (!(await ledger.revoke(request.params.name))) throw new Problem("NOT_FOUND");
    return { revoked: true as const };
  });
};
