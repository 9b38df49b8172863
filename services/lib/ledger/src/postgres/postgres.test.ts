import type { ChildProcess } from "node:child_process";
import { inspect } from "node:util";
import { at, EVERYTHING } from "@raingauge/domain";
import { describeWith, postgresServer, privatePort, type Server } from "@raingauge/harness";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { usageDigest } from "@raingauge/wire";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { describeLedger } from "../conformance.ts";
import { expectChain } from "../fixtures/chain.ts";
import { bookOf, draftOf, month } from "../fixtures/draft.ts";
import { begun, issuer, issueUntilKilled } from "../fixtures/issuing.ts";
import { type Draft, LedgerUnavailable } from "../ledger.ts";
import { postgresLedger } from "./postgres.ts";
import { scratchDatabase, scratchLedger, select } from "./scratch.ts";

const clock = () => at(Date.now());

await describeWith("postgresql", "a ledger in PostgreSQL", () => {
  let server: Server;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server.stop());

  describeLedger("PostgreSQL", (options) => scratchLedger(server.url, options));

  it("is made once when many open it at the same time", async () => {
    const url = await scratchDatabase(server.url);

    const ledgers = await Promise.all(Array.from({ length: 6 }, () => postgresLedger({ url, clock })));

    expect(await select(url, "select name from kysely_migration")).toContainEqual({ name: "0002-accounts" });
    for (const ledger of ledgers) await ledger[Symbol.asyncDispose]();
  });

  it("issues without a gap, a repetition or half a document while issuers are killed", async () => {
    const url = await scratchDatabase(server.url);
    await using ledger = await postgresLedger({ url, clock });

    const promised: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }), async (lives) => {
        promised.push(...(await Promise.all(lives.map((milliseconds) => issueUntilKilled(url, milliseconds)))).flat());
      }),
      // One life that is long enough to issue something, however slow the machine is.
      { numRuns: runs(6), endOnFailure: true, examples: [[[5_000, 3, 20, 40]]] },
    );

    const issued = await ledger.invoices({}, EVERYTHING);
    expectChain(issued);
    expect(issued.map(({ number }) => number)).toEqual(expect.arrayContaining(promised));
    expect(promised.length).toBeGreaterThan(0);
    for (const { number, usageDigests, freeDigest } of issued) {
      const frozen = await Promise.all([0, 1, 2].map((position) => ledger.usages(number, position, EVERYTHING)));
      expect(frozen.map(usageDigest)).toEqual([freeDigest, ...usageDigests]);
    }
  });

  it("lets several raters bill the same months at once: each bill once, no gap, and no credit drawn past its end", async () => {
    const url = await scratchDatabase(server.url);
    await using one = await postgresLedger({ url, clock });
    await using another = await postgresLedger({ url, clock });
    await using third = await postgresLedger({ url, clock });
    const credit = { id: "deposit", account: "acme", kind: "prepaid", currency: "EUR", amount: 1_000n } as const;
    await one.grantCredit({ ...credit, priority: 0, note: "Deposit" }, "ann");
    const bills = ["globex", "initech"].flatMap((project) => [0, 1, 2].map((index) => draftOf(project, month(index))));
    const drawing = [0, 1, 2, 3, 4].map((index): Draft => {
      const draft = draftOf("acme", month(index));
      return { ...draft, invoice: { ...draft.invoice, prepaid: [{ credit: "deposit", amount: 300n }] } };
    });

    const tried = await Promise.allSettled(
      [one, another, third].flatMap((ledger) => [...bills, ...drawing].map((draft) => ledger.issue(draft))),
    );

    const issued = await another.invoices({}, EVERYTHING);
    expectChain(issued);
    expect(issued).toHaveLength(bills.length + 3);
    const told = tried.flatMap((each) => (each.status === "fulfilled" ? [each.value.number] : []));
    expect(told).toHaveLength(3 * (bills.length + 3));
    expect(new Set(told)).toEqual(new Set(issued.map(({ number }) => number)));
    expect((await third.credits({}, EVERYTHING)).map(({ left }) => left)).toEqual([100n]);
  });

  it("throws out an issuer that stops in the middle, so that the others go on", async () => {
    const url = await scratchDatabase(server.url);
    await using ledger = await postgresLedger({ url, clock });
    const stopped = await begun(issuer(url, "stopped"));
    await vi.waitFor(() => stopInTheMiddle(stopped, url), { timeout: 20_000 });

    const issued = await ledger.issue(draftOf("acme", month(0)));

    expectChain(await ledger.invoices({}, EVERYTHING));
    expect(issued.invoice.account.id).toBe("acme");
    stopped.kill("SIGKILL");
  });
});

await describeWith("postgresql", "a ledger whose PostgreSQL goes away", () => {
  it("says so, and works again when it is back", async () => {
    await using server = await postgresServer();
    await using ledger = await postgresLedger({ url: server.url, clock });
    await ledger.publish(bookOf("1"), month(0).start);
    const issued = await ledger.issue(draftOf("acme", month(0)));

    await server.kill();
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(ledger.books()).rejects.toThrow(LedgerUnavailable);
      await expect(ledger.issue(draftOf("acme", month(1)))).rejects.toThrow(LedgerUnavailable);
      await expect(ledger.caller("rg_x")).rejects.toThrow(LedgerUnavailable);
    }
    await server.restart();

    expect(await ledger.issue(draftOf("acme", month(0)))).toEqual(issued);
    expect(await ledger.books()).toHaveLength(1);
  });

  it("is told by the one call that was under way, and by no other", async () => {
    await using server = await postgresServer();
    await using ledger = await postgresLedger({ url: server.url, clock });

    const calls = Array.from({ length: 20 }, (_, index) => ledger.issue(draftOf(`project-${index}`, month(0))));
    const outcomes = Promise.allSettled(calls);
    await select(
      server.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'raingauge'",
    );

    for (const outcome of await outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(LedgerUnavailable);
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => ledger.issue(draftOf(`project-${index}`, month(0)))));
    const issued = await ledger.invoices({}, EVERYTHING);
    expect(issued).toHaveLength(20);
    expectChain(issued);
  });
});

describe("the address of a ledger", () => {
  it.each([
    ["nobody listens there", async () => `postgresql://ann:s3cret@127.0.0.1:${await privatePort()}/ledger`],
    ["the host is unknown", async () => "postgresql://ann:s3cret@nowhere.invalid/ledger"],
    ["it is no address", async () => "postgresql://ann:s3cret@127.0.0.1:port/ledger"],
    ["it is another protocol's", async () => "mysql://ann:s3cret@127.0.0.1/ledger"],
  ])("never shows its password when %s", async (_name, address) => {
    const url = await address();

    const error = await postgresLedger({ url, clock }).catch((refusal: unknown) => refusal);

    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).not.toContain("s3cret");
  });
});

/** Stops it again and again, until it is caught holding the lock. */
async function stopInTheMiddle(issuing: ChildProcess, url: string): Promise<void> {
  issuing.kill("SIGSTOP");
  const held = await select(url, HELD);
  if (held.length === 0) issuing.kill("SIGCONT");
  expect(held).toHaveLength(1);
}

const HELD = `select pid from pg_locks join pg_stat_activity using (pid)
  where relation = 'invoices'::regclass and mode = 'ShareRowExclusiveLock' and granted and state = 'idle in transaction'`;

/** All that a log could show of an error, its hidden fields and causes included. */
const shown = (error: unknown): string => inspect(error, { depth: 20, showHidden: true });
