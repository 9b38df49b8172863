import { LedgerUnavailable } from "@raingauge/ledger";
import { expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { busyCloud } from "./fixtures/cloud.ts";

it("every write stands in the audit log when it is answered, newest first, and only there for admins", async () => {
  const { ask } = await api();
  await ask("admin", "/v1/tokens/nobody?x=secret", { method: "DELETE" });
  await ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  await ask("finance", "/v1/usage?period=2026-03");
  await ask(undefined, "/v1/closings", { method: "POST", payload: { period: "2026-03" } });

  const first = (await ask("admin", "/v1/audit?limit=1")).json();
  const rest = (await ask("admin", `/v1/audit?cursor=${first.next}`)).json();

  expect(first.items).toMatchObject([{ caller: "fiona", role: "finance", path: "/v1/closings", status: 200 }]);
  expect(rest.items).toMatchObject([{ caller: "root", method: "DELETE", path: "/v1/tokens/nobody", status: 404 }]);
  expect(rest.next).toBeUndefined();
  expect((await ask("finance", "/v1/audit")).statusCode).toBe(403);
});

it("a ledger that cannot keep an entry keeps nobody from the answer, and the log has it", async () => {
  const made = await busyCloud();
  const audit = async () => {
    throw new LedgerUnavailable("down");
  };
  const { ask, facts } = await api({ ...made, ledger: { ...made.ledger, audit } });

  const answer = await ask("admin", "/v1/tokens/nobody", { method: "DELETE" });

  expect(answer.statusCode).toBe(404);
  expect(facts.map(({ fact }) => fact)).toEqual(expect.arrayContaining(["audit entry not kept", "request audited"]));
});
