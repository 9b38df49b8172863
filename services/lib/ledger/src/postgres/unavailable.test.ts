import { expect, it } from "vitest";
import { LedgerUnavailable } from "../ledger.ts";
import { reachable } from "./unavailable.ts";

it("hands on whatever a call is given, an argument that was added last too", async () => {
  const { tell } = reachable({ tell: async (...given: readonly (string | number | undefined)[]) => given });

  expect(await tell()).toEqual([]);
  expect(await tell("a", undefined, 3)).toEqual(["a", undefined, 3]);
});

it.each([
  { failure: Object.assign(new Error("connect ECONNREFUSED 10.0.0.9:5432"), { code: "ECONNREFUSED" }), passes: true },
  { failure: Object.assign(new Error("the database system is starting up"), { code: "57P03" }), passes: true },
  { failure: new Error("Connection terminated unexpectedly"), passes: true },
  { failure: Object.assign(new Error("duplicate key"), { code: "23505" }), passes: false },
  { failure: new TypeError("x is not a function"), passes: false },
])("names an outage and lets everything else through: $failure", async ({ failure, passes }) => {
  const calls = reachable({ ask: async (): Promise<string> => Promise.reject(failure) });

  const told = await calls.ask().catch((error: unknown) => error);

  if (passes) expect(told).toEqual(new LedgerUnavailable(`the ledger's database does not answer: ${failure.message}`));
  else expect(told).toBe(failure);
});
