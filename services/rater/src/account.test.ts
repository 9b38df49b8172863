import { textIn } from "@raingauge/documents/read-back";
import {
  type Account,
  at,
  EVERYTHING,
  formatMinor,
  instant,
  ownAccount,
  parseDecimal,
  projects,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { closePeriod } from "./close.ts";
import { api } from "./fixtures/api.ts";
import { APRIL, busyCloud, cloud, lived, MARCH, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { verify } from "./verify.ts";

const terms = { ...TERMS, allowUnpriced: false };
const LONG_AGO = instant("2026-01-01T00:00:00Z");

const party = (name: string, vatId: string) => ({
  name,
  vatId,
  address: { lines: ["1 High Street"], city: "Bonn", postcode: "53111", country: "DE" },
});

const account = (told: Partial<Account> = {}): Account => ({
  ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
  mode: "external",
  seller: party("Cloud AG", "DE111111111"),
  buyer: party("Oaks Ltd", "DE222222222"),
  taxes: [{ category: "S", rate: parseDecimal("19") }],
  dueDays: 14,
  members: [
    { kind: "project", id: "acme" },
    { kind: "project", id: "globex" },
  ],
  ...told,
});

describe("an account whose buyer has an electronic address", () => {
  const reachable = (name: string, id: string) => ({
    ...party(name, id),
    endpoint: { scheme: "9930", id },
  });
  const electronic = (told: Partial<Account> = {}): Account =>
    account({
      seller: reachable("Cloud AG", "DE111111111"),
      buyer: reachable("Oaks Ltd", "DE222222222"),
      buyerReference: "oaks",
      ...told,
    });

  it("is held while its invoice would break a rule, which is named, and uses up no number", async () => {
    const sources = await busyCloud();
    const { buyerReference: _, ...nameless } = electronic();
    await sources.ledger.recordAccount(nameless, LONG_AGO);

    const [closed] = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject({
      account: "oaks",
      outcome: "held",
      obstacles: [{ code: "e-invoice", figures: { rule: "PEPPOL-EN16931-R003" } }],
      reasons: [
        "as an electronic invoice it would break PEPPOL-EN16931-R003: a buyer's reference or a purchase order is named",
      ],
    });
    expect(await sources.ledger.invoices({}, EVERYTHING)).toEqual([]);
  });

  it("gets its invoice where every rule is kept", async () => {
    const sources = await busyCloud();
    await sources.ledger.recordAccount(electronic(), LONG_AGO);

    expect(await closePeriod(sources, terms, APRIL)).toMatchObject([{ account: "oaks", outcome: "issued" }]);
  });
});

describe("an account", () => {
  it("gets one invoice for all its projects, with tax on the sum of its lines and a day by which it is due", async () => {
    const sources = await busyCloud();
    await sources.ledger.recordAccount(account(), LONG_AGO);

    const [closed, ...others] = await closePeriod(sources, terms, APRIL);

    expect(others).toEqual([]);
    expect(closed).toMatchObject({
      outcome: "issued",
      invoice: {
        issueDate: "2026-04-02",
        dueDate: "2026-04-16",
        invoice: {
          account: { id: "oaks", buyer: { name: "Oaks Ltd" } },
          projects: [{ id: "acme" }, { id: "globex" }],
          net: 720n,
          taxes: [{ category: "S", net: 720n, tax: 137n }],
          total: 857n,
        },
      },
    });
    expect(await verify(sources, "RG-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("is seen by who may see all its projects, and by nobody who sees a part", async () => {
    const sources = await busyCloud();
    await sources.ledger.recordAccount(account(), LONG_AGO);
    await closePeriod(sources, terms, APRIL);

    expect(await sources.ledger.invoices({}, projects("acme"))).toEqual([]);
    expect(await sources.ledger.usages("RG-000001", 1, projects("acme"))).toEqual([]);
    expect(await sources.ledger.invoices({}, projects("acme", "globex"))).toHaveLength(1);
  });

  it("pays for a project from the instant at which it joined, and the project's own account until then", async () => {
    const sources = await cloud();
    await sources.say(lived("acme", "vm-1", march(1), march(11)));
    await sources.ledger.recordAccount(
      account({ members: [{ kind: "project", id: "acme", since: march(6) }], mode: "internal" }),
      LONG_AGO,
    );

    const closed = await closePeriod(sources, terms, APRIL);

    expect(closed.map((each) => ("invoice" in each ? [each.account, each.invoice.invoice.total] : []))).toEqual([
      ["acme", 240n],
      ["oaks", 240n],
    ]);
  });

  it("takes a domain's projects by where they are placed, and yields to who names a project itself", async () => {
    const sources = await busyCloud();
    const domain = { members: [{ kind: "domain", id: "trees" }], mode: "internal" } as const;
    await sources.ledger.recordAccount(account(domain), LONG_AGO);
    await sources.ledger.recordAccount(
      { ...account({ members: [{ kind: "project", id: "globex" }], mode: "internal" }), id: "firs" },
      LONG_AGO,
    );
    for (const project of ["acme", "globex"]) await sources.ledger.place({ project, domain: "trees", since: LONG_AGO });

    const closed = await closePeriod(sources, terms, APRIL);

    expect(
      closed.map((each) => [each.account, "invoice" in each ? formatMinor(each.invoice.invoice.total, "EUR") : ""]),
    ).toEqual([
      ["firs", "0.48"],
      ["oaks", "6.72"],
    ]);
  });

  it("is held where two claim the same project, and where nobody says who buys", async () => {
    const sources = await busyCloud();
    const { buyer: _, ...nobody } = account({ members: [{ kind: "project", id: "acme" }] });
    await sources.ledger.recordAccount(nobody, LONG_AGO);
    await sources.ledger.recordAccount(account({ id: "a", members: [{ kind: "project", id: "globex" }] }), LONG_AGO);
    await sources.ledger.recordAccount(account({ id: "b", members: [{ kind: "project", id: "globex" }] }), LONG_AGO);

    const closed = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject([
      { account: "a", outcome: "held", reasons: ["project globex is claimed by a and b"] },
      { account: "b", outcome: "held" },
      { account: "oaks", outcome: "held", reasons: ["the account does not say who buys"] },
    ]);
    expect(await sources.ledger.invoices({}, EVERYTHING)).toEqual([]);
  });

  it("is held where less of its time was seen than it asks for, and issued where that is enough", async () => {
    const closedAt = async (seenPercentMin: string) => {
      const sources = await busyCloud();
      const closing = { allowUnpriced: false, seenPercentMin: parseDecimal(seenPercentMin) };
      await sources.ledger.recordAccount(account({ closing }), LONG_AGO);
      const [closed] = await closePeriod(sources, terms, APRIL);
      return closed;
    };

    expect(await closedAt("100")).toMatchObject({
      outcome: "held",
      reasons: [expect.stringMatching(/^only \d+\.?\d* % of the charged time was seen; the account asks for 100/)],
    });
    expect(await closedAt("0")).toMatchObject({ outcome: "issued" });
  });

  it("gives away what no price names only where it says so", async () => {
    const closedBy = async (allowUnpriced: boolean) => {
      const sources = await busyCloud();
      await sources.say(lived("acme", "odd-1", march(6), march(7), { dimensions: { flavor: "odd", state: "active" } }));
      await sources.ledger.recordAccount(account({ closing: { allowUnpriced } }), LONG_AGO);
      const [closed] = await closePeriod(sources, terms, APRIL);
      return closed?.outcome;
    };

    expect(await closedBy(false)).toBe("held");
    expect(await closedBy(true)).toBe("issued");
  });

  it("is billed for the month of its own zone: Kathmandu's begins 15 minutes past an hour of UTC", async () => {
    const sources = await cloud();
    const kathmandu = { start: instant("2026-02-28T18:15:00Z"), end: instant("2026-03-31T18:15:00Z") };
    await sources.say(lived("acme", "vm-1", at(kathmandu.start - 3_600_000), at(kathmandu.start + 3_600_000)));
    const members = [{ kind: "project", id: "acme" }] as const;
    await sources.ledger.recordAccount(account({ members, zone: "Asia/Kathmandu", mode: "internal" }), LONG_AGO);

    const [closed] = await closePeriod(sources, terms, APRIL);

    expect(closed).toMatchObject({ invoice: { invoice: { period: kathmandu, lines: [{ quantity: 3_600_000n }] } } });
    expect(MARCH.start).not.toBe(kathmandu.start);
    expect(await verify(sources, "RG-000001", EVERYTHING)).toMatchObject({ passed: true });
  });

  it("has series of its own, by the year of issue", async () => {
    const sources = await busyCloud();
    await sources.ledger.recordAccount(account({ series: "INV-{year}" }), LONG_AGO);

    await closePeriod(sources, terms, APRIL);

    expect((await sources.ledger.invoices({}, EVERYTHING)).map(({ number }) => number)).toEqual(["INV-2026-000001"]);
  });
});

describe("the API of accounts", () => {
  const content = {
    name: "Oaks",
    zone: ZONE,
    currency: "EUR",
    book: "standard",
    members: [{ kind: "project", id: "acme", since: "2026-02-01T00:00:00Z" }],
  };

  it("records a version, shows it in the words in which it was told, and refuses what is incomplete", async () => {
    const { ask } = await api();
    const put = (payload: object) =>
      ask("admin", "/v1/accounts/oaks?validFrom=2026-01-01T00:00:00Z", { method: "PUT", payload });

    const recorded = await put(content);
    const again = await put(content);
    const listed = (await ask("finance", "/v1/accounts")).json();

    expect(recorded.statusCode).toBe(200);
    expect(again.json()).toEqual(recorded.json());
    expect(listed.items).toMatchObject([{ id: "oaks", validFrom: "2026-01-01T00:00:00Z", content }]);
    expect((await put({ ...content, mode: "external" })).json()).toMatchObject({ code: "REQUEST_INVALID" });
    expect((await put({ ...content, zone: "Mars/Olympus" })).statusCode).toBe(400);
  });
});

describe("an account's month so far", () => {
  it("is the invoice that it would be now, with a forecast, for who may see all of its projects", async () => {
    const sources = await busyCloud();
    const both = { kind: "project" } as const;
    const account = {
      ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
      members: [
        { ...both, id: "acme" },
        { ...both, id: "globex" },
      ],
    };
    await sources.ledger.recordAccount(account, instant("2026-01-01T00:00:00Z"));
    const { ask } = await api(sources, undefined, () => march(21));

    const draft = await ask("finance", "/v1/accounts/oaks/draft?period=2026-03");
    const reader = await ask("reader", "/v1/accounts/oaks/draft?period=2026-03");
    const none = await ask("finance", "/v1/accounts/nobody/draft?period=2026-03");

    // 6.72 and 0.48 in 480 of the month's 743 hours.
    expect(draft.json()).toMatchObject({
      month: "2026-03",
      spent: "7.20",
      forecast: "11.15",
      wouldHold: [],
      document: { account: { id: "oaks" }, total: "7.20", projects: ["acme", "globex"] },
    });
    expect([reader.statusCode, none.statusCode]).toEqual([404, 404]);
  });

  it("is there as a page and as a PDF that say that they are no invoice", async () => {
    const { ask } = await api(undefined, undefined, () => march(21));
    const draft = (who: "finance" | "reader", project: string, form: string) =>
      ask(who, `/v1/accounts/${project}/draft/documents/${form}?period=2026-03`);

    const page = await draft("reader", "acme", "html");
    const pdf = await draft("reader", "acme", "pdf");
    const foreign = [await draft("reader", "globex", "html"), await draft("reader", "globex", "pdf")];

    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(pdf.headers["content-disposition"]).toBe('attachment; filename="draft-acme.pdf"');
    for (const text of [page.body, textIn(pdf.rawPayload)]) {
      expect(text).toContain("Draft invoice");
      expect(text.replace(/\s+/g, " ")).toContain("nothing of it is owed before one is issued");
      expect(text).toContain("2026-03-20 23:00:00 UTC");
      expect(text.replaceAll("\u00a0", " ")).toContain("6.72 EUR");
    }
    expect(page.body).not.toMatch(/\/why|\/verify/);
    expect(pdf.rawPayload.includes("factur-x")).toBe(false);
    expect(foreign.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
  });
});

describe("an account that would not hold what it says", () => {
  const later = { since: "2026-03-01T00:00:00Z", until: "2026-02-01T00:00:00Z" };
  it.each([
    { told: { members: [{ kind: "project", id: "acme", ...later }] }, where: "body.members.0.until" },
    { told: { taxes: [{ category: "S", rate: "19", ...later }] }, where: "body.taxes.0.until" },
    {
      told: {
        taxes: [
          { category: "S", rate: "19" },
          { category: "S", rate: "16", until: later.until },
        ],
      },
      where: "body.taxes",
    },
  ])("is refused with its place: $where", async ({ told, where }) => {
    const { ask } = await api();

    const answer = await ask("admin", "/v1/accounts/oaks?validFrom=2026-01-01T00:00:00Z", {
      method: "PUT",
      payload: {
        name: "Oaks",
        zone: ZONE,
        currency: "EUR",
        book: "standard",
        members: [{ kind: "project", id: "acme" }],
        ...told,
      },
    });

    expect([answer.statusCode, answer.json().errors.map((each: { where: string }) => each.where)]).toEqual([
      400,
      [where],
    ]);
  });
});

describe("an account that two people change", () => {
  const recorded = ({ id: _, ...told }: Account) => JSON.stringify({ ...told, taxes: [{ category: "S", rate: "19" }] });

  it("is not written over what one of them has not read", async () => {
    const { ask } = await api();
    const put = (buyerReference: string, over?: string) =>
      ask("admin", "/v1/accounts/oaks?validFrom=2026-01-01T00:00:00Z", {
        method: "PUT",
        payload: recorded(account({ buyerReference })),
        headers: { "content-type": "application/json", ...(over === undefined ? {} : { "if-match": over }) },
      });

    const first = await put("first");
    const tag = String(first.headers.etag);
    const [second, late] = [await put("second", tag), await put("late", tag)];

    expect([first.statusCode, second.statusCode, late.statusCode]).toEqual([200, 200, 412]);
    expect(late.json()).toMatchObject({ code: "SUPERSEDED" });
    const { items } = (await ask("admin", "/v1/accounts")).json();
    expect(items.map((each: { content: { buyerReference: string } }) => each.content.buyerReference)).toEqual([
      "first",
      "second",
    ]);
  });
});
