import { type Account, at, EVERYTHING, HOUR_MS, instant, ownAccount } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { closePeriod } from "./close.ts";
import { type Api, api } from "./fixtures/api.ts";
import { APRIL, busyCloud, lived, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { PROPOSAL_DAYS } from "./proposal.ts";
import { reconcileMonths } from "./reconcile.ts";
import { verify } from "./verify.ts";

const account: Account = {
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  members: [{ kind: "project", id: "acme" }],
  corrections: { policy: "both", approval: true },
};

interface Opened extends Api {
  /** As one of two people in finance. */
  post(who: "finance" | "admin", url: string, payload?: object): ReturnType<Api["ask"]>;
  tick(days: number): void;
}

/** An account whose corrections need two people, billed 6.72 for March and owing 0.48 more. */
async function opened(): Promise<Opened> {
  const sources = await busyCloud();
  await sources.ledger.recordAccount(account, instant("2026-01-01T00:00:00Z"));
  await closePeriod(sources, { ...TERMS, allowUnpriced: false }, APRIL);
  await sources.say(lived("acme", "vm-late", march(1), march(2)));
  let now = APRIL;
  const made = await api(sources, undefined, () => now);
  return {
    ...made,
    post: (who, url, payload) => made.ask(who, url, { method: "POST", ...(payload === undefined ? {} : { payload }) }),
    tick: (days) => {
      now = at(now + days * 24 * HOUR_MS);
    },
  };
}

const propose = async ({ post }: Opened) =>
  (await post("finance", "/v1/proposals", { period: "2026-03" })).json().proposals[0];

describe("a correction that needs approval", () => {
  it("is written by nobody alone: not by schedule, not by hand, not by voiding", async () => {
    const { post, ledger, store } = await opened();
    const schedule = { zone: ZONE, book: "standard", graceHours: 24, monthsBack: 1, holder: "rater-1" };

    const scheduled = await reconcileMonths({ store, ledger }, schedule, APRIL);
    const byHand = (await post("admin", "/v1/adjustments", { period: "2026-03" })).json();
    const voided = await post("admin", "/v1/invoices/RG-000002/void", { reason: "wrong buyer" });

    expect(scheduled).toMatchObject({
      written: [],
      waiting: [{ waits: "one person must propose it and another approve" }],
    });
    expect(byHand).toEqual({ period: "2026-03", documents: [], needApproval: ["RG-000002"] });
    expect([voided.statusCode, voided.json().code]).toEqual([409, "APPROVAL_NEEDED"]);
    expect(await ledger.invoices({ corrects: "RG-000002" }, EVERYTHING)).toEqual([]);
  });

  it("is proposed by one, approved by another, and says both for ever", async () => {
    const sources = await opened();
    const proposal = await propose(sources);

    const own = await sources.post("finance", `/v1/proposals/${proposal.id}/approve`);
    const written = await sources.post("admin", `/v1/proposals/${proposal.id}/approve`);
    const again = await sources.post("admin", `/v1/proposals/${proposal.id}/approve`);
    const { items } = (await sources.ask("finance", "/v1/proposals?state=approved")).json();

    expect(proposal).toMatchObject({
      number: "RG-000002",
      state: "pending",
      proposedBy: "fiona",
      document: { total: "0.48" },
    });
    expect([own.statusCode, own.json().code]).toEqual([403, "APPROVER_IS_PROPOSER"]);
    expect([written.statusCode, written.json()]).toMatchObject([201, { number: "RG-DN-000001", total: "0.48" }]);
    expect([again.statusCode, again.json().code]).toEqual([409, "CONFLICT"]);
    expect(items).toMatchObject([
      { id: proposal.id, proposedBy: "fiona", approvedBy: "root", written: "RG-DN-000001" },
    ]);
    const document = await sources.ledger.invoice("RG-DN-000001", EVERYTHING);
    expect(document?.pins.approval).toMatchObject({ proposedBy: { name: "fiona" }, approvedBy: { name: "root" } });
    expect(await verify(sources, "RG-DN-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is refused where it would be another document by now, and may be proposed anew", async () => {
    const sources = await opened();
    const stale = await propose(sources);
    await sources.say(lived("acme", "vm-later", march(1), march(2)));

    const refused = await sources.post("admin", `/v1/proposals/${stale.id}/approve`);
    const fresh = await propose(sources);
    const written = await sources.post("admin", `/v1/proposals/${fresh.id}/approve`);

    expect([refused.statusCode, refused.json().code]).toEqual([409, "PROPOSAL_CHANGED"]);
    expect(written.json()).toMatchObject({ total: "0.96" });
    const overtaken = await sources.post("admin", `/v1/proposals/${stale.id}/approve`);
    expect([overtaken.statusCode, overtaken.json().code]).toEqual([409, "PROPOSAL_CHANGED"]);
  });

  it("expires, and is rejected with a reason, and is written in neither case", async () => {
    const sources = await opened();
    const rejected = await propose(sources);
    const no = await sources.post("admin", `/v1/proposals/${rejected.id}/reject`, { note: "not before the audit" });
    const late = await sources.post("admin", `/v1/proposals/${rejected.id}/approve`);
    const forgotten = await propose(sources);
    sources.tick(PROPOSAL_DAYS);

    const expired = await sources.post("admin", `/v1/proposals/${forgotten.id}/approve`);
    const { items } = (await sources.ask("finance", "/v1/proposals")).json();

    expect(no.json()).toMatchObject({ state: "rejected", rejectedBy: "root", note: "not before the audit" });
    expect([late.statusCode, expired.statusCode]).toEqual([409, 409]);
    expect(items.map(({ state }: { state: string }) => state)).toEqual(["rejected", "expired"]);
    expect(await sources.ledger.invoices({ corrects: "RG-000002" }, EVERYTHING)).toEqual([]);
  });

  it("may be the taking back of an invoice", async () => {
    const sources = await opened();
    const body = { void: "RG-000002", reason: "wrong buyer" };
    const [proposal] = (await sources.post("finance", "/v1/proposals", body)).json().proposals;

    const written = await sources.post("admin", `/v1/proposals/${proposal.id}/approve`);

    expect(written.json()).toMatchObject({ total: "-6.72", corrects: { entirely: true, reason: "wrong buyer" } });
  });

  it("leaves every step in the audit log", async () => {
    const sources = await opened();
    const { id } = await propose(sources);
    await sources.post("finance", `/v1/proposals/${id}/approve`);
    await sources.post("admin", `/v1/proposals/${id}/approve`);

    const { items } = (await sources.ask("admin", "/v1/audit?limit=3")).json();

    expect(items).toMatchObject([
      { caller: "root", path: `/v1/proposals/${id}/approve`, status: 201 },
      { caller: "fiona", path: `/v1/proposals/${id}/approve`, status: 403 },
      { caller: "fiona", path: "/v1/proposals", status: 201 },
    ]);
  });
});
