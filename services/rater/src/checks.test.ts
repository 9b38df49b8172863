import {
  type Account,
  at,
  type Coverage,
  EVERYTHING,
  HOUR_MS,
  type IssuedInvoice,
  instant,
  ownAccount,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { adjustments } from "./adjustment.ts";
import { closePeriod } from "./close.ts";
import { api } from "./fixtures/api.ts";
import { APRIL, busyCloud, type Cloud, lived, MARCH, march, reading, TERMS, ZONE } from "./fixtures/cloud.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };

const coverage = (agent: string, until: number): Coverage => ({
  region: "north",
  source: "libvirt",
  agent,
  period: { start: MARCH.start, end: at(until) },
  confirms: { resourceTypes: ["instance"], limitSeconds: 900 },
});

/** Two hosts, one of which fell silent on the 12th, and a machine of which nobody heard again after the 20th. */
async function doubtful(closing: Partial<Account["closing"]>, told: Partial<Account> = {}): Promise<Cloud> {
  const made = await busyCloud();
  const account: Account = {
    ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
    members: [{ kind: "project", id: "acme" }],
    closing: { allowUnpriced: false, ...closing },
    corrections: { policy: "both", approval: false },
    ...told,
  };
  await made.ledger.recordAccount(account, instant("2026-01-01T00:00:00Z"));
  await made.say([reading({ project: "acme", resource: "vm-lost", at: march(20) })], {
    coverage: [coverage("compute-1", MARCH.end), coverage("compute-2", march(12))],
  });
  return made;
}

const oaks = async (sources: Cloud, more: Partial<Parameters<typeof closePeriod>[1]> = {}) =>
  (await closePeriod(sources, { ...terms, ...more }, APRIL)).find(({ account }) => account === "oaks");

describe("the checks that can hold an invoice", () => {
  it.each([
    {
      closing: { silentAgentsMax: 0 },
      says: /^1 agent had fallen silent by the end of the period; the account allows 0 \(libvirt compute-2 in north since 2026-03-11T23:00:00Z\)$/,
    },
    {
      closing: { unreconciledMax: 0 },
      says: /^of 1 charged resource nobody confirmed that it ended; the account allows 0 \(vm-lost\)$/,
    },
  ])("hold it under $closing and say why", async ({ closing, says }) => {
    const closed = await oaks(await doubtful(closing));

    expect(closed).toMatchObject({ outcome: "held", reasons: [expect.stringMatching(says)] });
  });

  it.each([{}, { silentAgentsMax: 1 }, { unreconciledMax: 1 }])("let it pass under %o", async (closing) => {
    expect(await oaks(await doubtful(closing))).toMatchObject({ outcome: "issued" });
  });

  it("wait for no agent that was retired, and the document expects it no longer than that", async () => {
    const sources = await doubtful({ silentAgentsMax: 0 });
    const held = await oaks(sources);
    const word = { region: "north", source: "libvirt", agent: "compute-2", at: march(12), by: "root", note: "sold" };
    await sources.ledger.retireAgent(word);

    const closed = await oaks(sources);

    expect(held).toMatchObject({ outcome: "held" });
    expect(closed).toMatchObject({
      outcome: "issued",
      invoice: { invoice: { completeness: { watched: [{ agents: 2, silent: 0 }] } } },
    });
    const { expectedMs, seenMs } =
      (closed as { invoice: IssuedInvoice }).invoice.invoice.completeness?.watched[0] ?? {};
    expect(expectedMs).toBe(seenMs);
    expect(await verify(sources, "RG-000002", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("are waived one by one, and the document says for ever which, by whom and why, but names no host", async () => {
    const sources = await doubtful({ silentAgentsMax: 0, unreconciledMax: 0 });
    const waiving = { checks: ["silent"], by: "fiona", reason: "compute-2 was retired" } as const;
    const one = await oaks(sources, { waiving });

    const both = await oaks(sources, { waiving: { ...waiving, checks: ["silent", "unreconciled"] } });

    expect(one).toMatchObject({ outcome: "held", reasons: [expect.stringContaining("nobody confirmed")] });
    expect(both).toMatchObject({
      invoice: {
        pins: {
          waived: [
            {
              check: "silent",
              by: "fiona",
              reason: "compute-2 was retired",
              says: expect.not.stringContaining("compute-2"),
            },
            { check: "unreconciled", by: "fiona" },
          ],
        },
      },
    });
    expect(await verify(sources, "RG-000002", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("hold no correction: what is owed after issue is owed in spite of them", async () => {
    const sources = await doubtful({ silentAgentsMax: 0 });
    await oaks(sources, { waiving: { checks: ["silent"], by: "fiona", reason: "retired" } });
    await sources.say(lived("acme", "vm-late", march(1), march(2)));

    expect(await adjustments(sources, terms, { exactly: true })).toMatchObject([
      { draft: { invoice: { total: 48n } } },
    ]);
  });
});

describe("what would hold a month that is over", () => {
  it("is told to programs with its figures and to people in the account's language, and names no host", async () => {
    const sources = await doubtful({ silentAgentsMax: 0, unreconciledMax: 0 }, { locale: "de-DE" });
    await sources.say([reading({ project: "acme", resource: "vm-odd", at: march(3), dimensions: { flavor: "odd" } })]);
    const { ask } = await api(sources);

    const draft = await ask("finance", "/v1/accounts/oaks/draft?period=2026-03");
    const page = await ask("finance", "/v1/accounts/oaks/draft/documents/html?period=2026-03");
    const closings = { method: "POST", payload: { period: "2026-03" } } as const;
    const { accounts } = (await ask("finance", "/v1/closings", closings)).json();

    const obstacles = [
      {
        code: "silent",
        check: "silent",
        figures: { agents: 1, agentsMax: 0 },
        says: "1 Agent war am Ende des Zeitraums verstummt; das Konto lässt 0 zu",
      },
      {
        code: "unreconciled",
        check: "unreconciled",
        figures: { count: 1, countMax: 0, resources: ["vm-lost"] },
        says: "von 1 berechneten Ressource hat niemand das Ende bestätigt; das Konto lässt 0 zu (vm-lost)",
      },
      {
        code: "unpriced",
        check: "unpriced",
        figures: { meter: "instance", dimensions: { flavor: "odd" }, count: 1, resources: ["vm-odd"] },
        says: "kein Preis für instance flavor=odd (vm-odd)",
      },
    ];
    expect(draft.json()).toMatchObject({ wouldHold: obstacles.map(({ says }) => says), obstacles });
    expect(accounts.find(({ account }: { account: string }) => account === "oaks")).toMatchObject({ obstacles });
    for (const { says } of obstacles) expect(page.body).toContain(`würde sie zurückgehalten: ${says}`);
    expect(draft.body + page.body).not.toContain("compute-2");
  });

  it("is not yet said of agents while the month runs: they may speak up before it ends", async () => {
    const { ask } = await api(await doubtful({ silentAgentsMax: 0 }), undefined, () => march(21));

    expect((await ask("finance", "/v1/accounts/oaks/draft?period=2026-03")).json()).toMatchObject({ obstacles: [] });
  });

  it.each([
    { told: { book: "elsewhere" }, code: "PRICE_BOOK_MISSING", detail: /elsewhere/ },
    { told: { currency: "CHF" }, code: "CONFLICT", detail: /EUR.*CHF/ },
  ])("is said of an account that cannot even be drafted: $code", async ({ told, code, detail }) => {
    const { ask } = await api(await doubtful({}, told));

    const answer = await ask("finance", "/v1/accounts/oaks/draft?period=2026-03");

    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });
});

describe("completeness on the invoice", () => {
  it("tells what was seen, what is unconfirmed, and who should have watched; pinned, so that later news changes nothing", async () => {
    const sources = await doubtful({});
    await oaks(sources);
    const before = await sources.ledger.invoice("RG-000002", EVERYTHING);
    await sources.say([], { coverage: [coverage("compute-2", MARCH.end)] });

    expect(before?.invoice.completeness).toMatchObject({
      resources: 4,
      unreconciled: 1,
      watched: [{ region: "north", source: "libvirt", agents: 2, silent: 1 }],
    });
    expect(before?.invoice.completeness?.watched[0]?.seenMs).toBe(
      BigInt(MARCH.end - MARCH.start) + BigInt(11 * 24 * HOUR_MS),
    );
    expect(await verify(sources, "RG-000002", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is in the JSON, on the page and in the table", async () => {
    const { ask } = await api(await doubtful({}));
    await ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
    const url = "/v1/invoices/RG-000002";

    const { completeness } = (await ask("finance", url)).json();
    const page = (await ask("finance", url, { headers: { accept: "text/html" } })).body;
    const table = (await ask("finance", `${url}/documents/lines`)).body;

    expect(completeness).toMatchObject({
      unreconciled: 1,
      watched: [{ source: "libvirt", agents: 2, silent: 1, percent: "67.7" }],
    });
    expect(page).toContain("67.7\u00a0% of the time that should have been watched (agents: 2, fallen silent: 1)");
    expect(page).toContain("4, 1 of them without a confirmed end");
    expect(table).toMatch(/,67\.7,\r?\n/);
  });
});

describe("the API of waivers", () => {
  it("asks for a reason, writes who it was, and lists what was waived", async () => {
    const { ask } = await api(await doubtful({ unreconciledMax: 0 }));
    const close = (payload: object) =>
      ask("finance", "/v1/closings", {
        method: "POST",
        payload: { period: "2026-03", accounts: ["oaks"], ...payload },
      });

    const bare = await close({ waive: ["unreconciled"] });
    const held = await close({});
    const issued = await close({ waive: ["unreconciled"], reason: "seen in the racks" });
    const { items } = (await ask("finance", "/v1/waivers?period=2026-03")).json();

    expect([bare.statusCode, bare.json().code]).toEqual([400, "REQUEST_INVALID"]);
    expect(held.json().accounts).toMatchObject([{ account: "oaks", outcome: "held" }]);
    expect(issued.json().accounts).toMatchObject([{ account: "oaks", outcome: "issued" }]);
    expect(items).toMatchObject([{ account: "oaks", check: "unreconciled", by: "fiona", reason: "seen in the racks" }]);
    expect((await ask("reader", "/v1/waivers")).statusCode).toBe(403);
  });
});
