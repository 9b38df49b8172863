import { expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";

const close = ({ ask }: Api, key: string, period = "2026-03") =>
  ask("finance", "/v1/closings", { method: "POST", payload: { period }, headers: { "idempotency-key": key } });

it("a write that is sent again under its key gives the same answer, and says that it is one", async () => {
  const made = await api();

  const [first, again] = [await close(made, "k-1"), await close(made, "k-1")];

  expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body]);
  expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([undefined, "true"]);
  expect(again.json().accounts[0].outcome).toBe("issued");
});

it("a refusal is an answer too", async () => {
  const made = await api();

  const [first, again] = [await close(made, "k-1", "2026-04"), await close(made, "k-1", "2026-04")];

  expect([first.statusCode, again.statusCode, again.json().code]).toEqual([409, 409, "PERIOD_OPEN"]);
});

it("a key that was used for something else is refused", async () => {
  const made = await api();
  await close(made, "k-1");

  expect((await close(made, "k-1", "2026-02")).json().code).toBe("IDEMPOTENCY_KEY_REUSED");
});

it("a key that is being worked on is told so", async () => {
  const made = await api();
  const begun = await made.ledger.beginWrite({
    caller: "fiona",
    key: "k-1",
    digest: await digestOf(made),
  });

  expect([begun, (await close(made, "k-1")).json().code]).toEqual(["begun", "WRITE_IN_PROGRESS"]);
});

it("a token is never kept to be shown again", async () => {
  const { ask } = await api();
  const grant = () =>
    ask("admin", "/v1/tokens", {
      method: "POST",
      payload: { name: "x", role: "reader" },
      headers: { "idempotency-key": "k-1" },
    });

  expect([(await grant()).statusCode, (await grant()).json().code]).toEqual([201, "CONFLICT"]);
});

/** The digest of the closing above, as the server makes it: begun once and given up again. */
async function digestOf({ ledger, app, tokens }: Api): Promise<string> {
  const { beginWrite } = ledger;
  let digest = "";
  Object.assign(ledger, {
    beginWrite: async (write: Parameters<typeof beginWrite>[0]) => {
      digest = write.digest;
      return "in progress";
    },
  });
  await app.inject({
    method: "POST",
    url: "/v1/closings",
    payload: { period: "2026-03" },
    headers: { "x-auth-token": tokens.finance, "idempotency-key": "k-1" },
  });
  Object.assign(ledger, { beginWrite });
  return digest;
}
