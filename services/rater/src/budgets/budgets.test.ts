import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  at,
  type Budget,
  EVERYTHING,
  instant,
  minus,
  ownAccount,
  parseDecimal,
  reached,
  spending,
} from "@raingauge/domain";
import { SMTPServer } from "smtp-server";
import { describe, expect, it, onTestFinished } from "vitest";
import { BOOK, busyCloud, MARCH, ZONE } from "../fixtures/cloud.ts";
import { deliverNotices } from "./deliver.ts";
import { mailer } from "./mail.ts";
import { standings } from "./spending.ts";
import { watchBudgets } from "./watch.ts";

const SECRET = "a secret of some length";
const NOW = instant("2026-03-20T12:00:00Z");
const TERMS = { zone: ZONE, book: "standard" };

const MEMBER = { kind: "project", id: "acme" } as const;

const budget = (told: Partial<Budget> = {}): Budget => ({
  name: "acme",
  projects: ["acme"],
  amount: parseDecimal("2"),
  thresholds: [
    { percent: parseDecimal("80"), of: "actual" },
    { percent: parseDecimal("9000"), of: "actual" },
  ],
  email: [],
  ...told,
});

describe("a threshold", () => {
  it.each([
    ["below it", "79.99", []],
    ["at it", "80", ["actual 80"]],
    ["whose forecast is beyond", "60", ["forecast 100"]],
    ["both", "90", ["actual 80", "forecast 100"]],
  ])("is reached exactly: %s", (_, spent, expected) => {
    const thresholds = [
      { percent: parseDecimal("80"), of: "actual" as const },
      { percent: parseDecimal("100"), of: "forecast" as const },
    ];
    const half = at((MARCH.start + MARCH.end) / 2);
    const standing = spending(parseDecimal(spent), MARCH, half);
    const told = expected.includes("forecast 100") ? standing : { spent: standing.spent };

    const found = reached(budget({ amount: parseDecimal("100"), thresholds }), told);

    expect(found.map(({ of, percent }) => `${of} ${percent.numerator}`)).toEqual(expected);
  });

  it("has no forecast on a month's first day", () => {
    expect(spending(parseDecimal("1"), MARCH, at(MARCH.start + 3_600_000))).toEqual({ spent: parseDecimal("1") });
  });
});

describe("a crossing", () => {
  it("is raised once a month, however often it is seen, and again when the budget's amount changes", async () => {
    const cloud = await busyCloud();
    const webhook = { url: "http://127.0.0.1:1/", secret: SECRET };
    await cloud.ledger.setBudget(budget({ webhook }));

    const raised = [await watchBudgets(cloud, TERMS, NOW), await watchBudgets(cloud, TERMS, NOW)];
    await cloud.ledger.setBudget(budget({ webhook, amount: parseDecimal("1") }));
    raised.push(await watchBudgets(cloud, TERMS, NOW));

    expect(raised).toEqual([1, 0, 1]);
    expect(JSON.stringify((await cloud.ledger.notices(EVERYTHING)).map(({ document }) => document))).not.toContain(
      SECRET,
    );
  });

  it("of an account's budget counts all that it owes, and of projects in two currencies one alone", async () => {
    const cloud = await busyCloud({
      ...BOOK,
      fees: [
        {
          sku: "support",
          description: "Support",
          amount: parseDecimal("9.00"),
          months: 1,
          proration: "none",
          scope: "account",
        },
      ],
    });
    await cloud.ledger.publish({ ...BOOK, name: "dollars", currency: "USD" }, at(0));
    const account = { ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }), members: [MEMBER] };
    await cloud.ledger.recordAccount(account, at(0));
    const other = ownAccount("globex", { zone: ZONE, currency: "USD", book: "dollars" });
    await cloud.ledger.recordAccount(other, at(0));
    const mixed = budget({ projects: ["acme", "globex"] });
    const { projects: _, ...rest } = budget({ name: "whole" });

    const found = await standings(
      cloud,
      [mixed, budget(), { ...rest, projects: [], account: "oaks" }],
      { ...TERMS, period: MARCH },
      NOW,
    );

    const [both, alone, whole] = found.map(({ spent }) => spent);
    expect(both).toEqual(alone);
    expect(found.map(({ currency, leftOut }) => [currency, leftOut])).toEqual([
      ["EUR", ["globex"]],
      ["EUR", undefined],
      ["EUR", undefined],
    ]);
    expect(whole && alone && minus(whole, alone)).toEqual(parseDecimal("9"));
  });

  it("is posted with a signature over time and body", async () => {
    const heard = await receiver([200]);
    const cloud = await busyCloud();
    await cloud.ledger.setBudget(budget({ webhook: { url: heard.url, secret: SECRET } }));
    await watchBudgets(cloud, TERMS, NOW);

    const delivered = await deliverNotices(cloud, NOW);
    const again = await deliverNotices(cloud, NOW);

    const [{ body = "", signature = "" } = {}] = heard.requests;
    const [, seconds = "", digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect([delivered.delivered, again.delivered, heard.requests.length]).toEqual([1, 0, 1]);
    expect(digest).toBe(createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex"));
    expect(JSON.parse(body)).toMatchObject({
      budget: "acme",
      period: "2026-03",
      threshold: { percent: "80", of: "actual" },
    });
  });

  it("is tried again with longer and longer waits, given up, and told after it was replayed", async () => {
    const heard = await receiver([500, 500, 500, 500, 500, 302, 500, 500, 200]);
    const cloud = await busyCloud();
    await cloud.ledger.setBudget(budget({ webhook: { url: heard.url, secret: SECRET } }));
    await watchBudgets(cloud, TERMS, NOW);
    let now = NOW;
    const tries: number[] = [];
    for (let minute = 0; minute < 2_000; minute += 1, now = at(now + 60_000)) {
      const before = heard.requests.length;
      await deliverNotices(cloud, now);
      if (heard.requests.length > before) tries.push(minute);
    }
    const [dead] = await cloud.ledger.notices(EVERYTHING);

    expect(tries).toEqual([0, 1, 6, 21, 81, 261, 621, 1341]);
    expect(dead).toMatchObject({ state: "dead", attempts: 8, error: "it answered 500" });
    expect(await cloud.ledger.replayNotice(dead?.sequence ?? 0n)).toBe(true);
    expect(await deliverNotices(cloud, now)).toEqual({ delivered: 1, failed: 0, dead: 0 });
  });

  it("is mailed through SMTP", async () => {
    const post = await mailServer();
    using mail = mailer({ url: post.url, from: "Raingauge <rg@example.org>" });
    const cloud = await busyCloud();
    await cloud.ledger.setBudget(budget({ email: ["ops@example.org", "cfo@example.org"] }));
    await watchBudgets(cloud, TERMS, NOW);

    const delivered = await deliverNotices({ ...cloud, mail }, NOW);

    expect(delivered.delivered).toBe(1);
    expect(post.letters).toHaveLength(1);
    expect(post.letters[0]).toMatchObject({ to: ["ops@example.org", "cfo@example.org"] });
    expect(post.letters[0]?.text).toMatch(/Budget acme for 2026-03 has reached 80 %/);
  });

  it("that cannot be mailed anywhere is given up at once, and says why", async () => {
    const cloud = await busyCloud();
    await cloud.ledger.setBudget(budget({ email: ["ops@example.org"] }));
    await watchBudgets(cloud, TERMS, NOW);

    await deliverNotices(cloud, NOW);

    expect(await cloud.ledger.notices(EVERYTHING)).toMatchObject(
      [{ state: "dead", error: /RAINGAUGE_SMTP_URL/ }].map((each) => ({
        ...each,
        error: expect.stringMatching(each.error),
      })),
    );
  });
});

async function receiver(answers: readonly number[]) {
  const requests: { readonly body: string; readonly signature: string }[] = [];
  const left = [...answers];
  const web = createServer(async (request, response) => {
    requests.push({ body: await text(request), signature: String(request.headers["raingauge-signature"]) });
    response.writeHead(left.shift() ?? 500, { location: "http://127.0.0.1:1/" }).end();
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  return { url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/hook`, requests };
}

async function mailServer() {
  const letters: { readonly to: readonly string[]; readonly text: string }[] = [];
  const post = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, session, done) => {
      text(stream).then((said) => {
        letters.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: said });
        done();
      }, done);
    },
  });
  const listening = post.listen(0, "127.0.0.1");
  await once(listening, "listening");
  onTestFinished(() => new Promise<void>((closed) => post.close(closed)));
  return { url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`, letters };
}
