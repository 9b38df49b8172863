import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";

const BUDGET = { name: "acme", projects: ["acme"], amount: "100", thresholds: [{ percent: "80" }] };
const CREDIT = { kind: "prepaid", amount: "100", currency: "EUR" };

describe("what two people change", () => {
  it("as a budget is neither set nor ended over what one of them has not read", async () => {
    const { ask } = await api();
    const set = (amount: string, over?: string) =>
      ask("finance", "/v1/budgets", { method: "POST", payload: { ...BUDGET, amount }, headers: ifMatch(over) });
    const drop = (over: string) => ask("finance", "/v1/budgets/acme", { method: "DELETE", headers: ifMatch(over) });

    const first = await set("100");
    const tag = String(first.headers.etag);
    const [second, late, dropped] = [await set("200", tag), await set("300", tag), await drop(tag)];
    const { items } = (await ask("finance", "/v1/budgets")).json();
    const gone = await drop(items[0].digest);

    expect(tag).toBe(`"${first.json().digest}"`);
    expect([first, second, late, dropped, gone].map(({ statusCode }) => statusCode)).toEqual([200, 200, 412, 412, 200]);
    expect(items.map(({ amount }: { amount: string }) => amount)).toEqual(["200"]);
  });

  it("as what is left of a credit is not taken back twice by those who read the same", async () => {
    const { ask } = await api();
    await ask("admin", "/v1/accounts/acme?validFrom=2026-01-01T00:00:00Z", {
      method: "PUT",
      payload: {
        name: "Acme",
        members: [{ kind: "project", id: "acme" }],
        zone: "UTC",
        currency: "EUR",
        book: "standard",
      },
    });
    const granted = await ask("finance", "/v1/accounts/acme/credits/deposit", { method: "PUT", payload: CREDIT });
    const { digest } = granted.json();
    const withdraw = () =>
      ask("finance", "/v1/accounts/acme/credits/deposit/withdrawals", {
        method: "POST",
        payload: { amount: "10", note: "paid back" },
        headers: ifMatch(digest),
      });

    const [first, again] = [await withdraw(), await withdraw()];

    expect([first.statusCode, again.statusCode, again.json().code]).toEqual([201, 412, "SUPERSEDED"]);
    expect((await ask("finance", "/v1/accounts/acme/credits/deposit")).json()).toMatchObject({
      left: "90.00",
      digest: first.json().digest,
    });
  });

  it("as where a project belongs is not said over what one of them has not read", async () => {
    const { ask } = await api();
    const place = (domain: string, over: string) =>
      ask("admin", "/v1/projects/acme/domain", {
        method: "PUT",
        payload: { domain, since: "2026-01-01T00:00:00Z" },
        headers: ifMatch(over),
      });

    const { digest } = (await ask("finance", "/v1/projects/acme/domain")).json();
    const [first, late] = [await place("east", digest), await place("west", digest)];

    expect([first.statusCode, late.statusCode, late.json().code]).toEqual([200, 412, "SUPERSEDED"]);
    expect((await ask("finance", "/v1/projects/acme/domain")).json()).toEqual({
      project: "acme",
      placements: [{ domain: "east", since: "2026-01-01T00:00:00Z" }],
      digest: first.json().digest,
    });
  });
});

const ifMatch = (over: string | undefined) => (over === undefined ? {} : { "if-match": over });
