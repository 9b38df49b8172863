import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { at, EVERYTHING } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { describeLedger } from "../conformance.ts";
import { expectChain } from "../fixtures/chain.ts";
import { draftOf, month } from "../fixtures/draft.ts";
import { begun, issuer, issueUntilKilled } from "../fixtures/issuing.ts";
import { LedgerConflict, LedgerUnavailable } from "../ledger.ts";
import { embeddedServer } from "./embedded/server.ts";
import { embeddedLedger } from "./embedded.ts";
import { postgresLedger } from "./postgres.ts";
import { scratchLedger, select } from "./scratch.ts";

const clock = () => at(Date.now());
const isRoot = process.getuid?.() === 0;

describe("a ledger in the embedded PostgreSQL", () => {
  let server: Awaited<ReturnType<typeof embeddedServer>>;
  const folder = mkdtempSync(join(tmpdir(), "raingauge-ledger-"));
  beforeAll(async () => {
    server = await embeddedServer(folder);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  describeLedger("embedded PostgreSQL", (options) => scratchLedger(server.url, options));

  it("lets nobody in without the password, and shows it to nobody", async () => {
    const { password } = new URL(server.url);
    const without = new URL(server.url);
    without.password = "a-wrong-guess";

    const refusal = await postgresLedger({ url: without.href, clock }).catch((error: unknown) => error);

    expect(String(refusal)).toContain("password authentication failed");
    expect(inspect(refusal, { depth: 20, showHidden: true })).not.toContain("a-wrong-guess");

    expect(password).toHaveLength(43);
    expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(password);
    expect(readFileSync(join(folder, "postgresql.log"), "utf8")).not.toContain(password);
    expect(statSync(join(folder, "postgresql")).mode & 0o077).toBe(0);
  });

  it("does not trade safety for speed", async () => {
    const settings = await select(
      server.url,
      "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')",
    );

    expect(settings.map(({ setting }) => setting)).toEqual(["on", "on", "on", "on"]);
  });
});

describe("an embedded ledger", () => {
  /** One for all that follows: whatever a test does to it, the next one finds a ledger in it. */
  const folder = mkdtempSync(join(tmpdir(), "raingauge-ledger-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("keeps what it holds when it is closed and opened again", async () => {
    const first = await embeddedLedger({ folder, clock });
    const issued = await first.issue(draftOf("kept", month(0)));
    await first[Symbol.asyncDispose]();

    await using again = await embeddedLedger({ folder, clock });

    expect(await again.invoice(issued.number, EVERYTHING)).toEqual(issued);
  });

  it("leaves no process behind when it is closed", async () => {
    const ledger = await embeddedLedger({ folder, clock });
    const server = serverOf(folder);
    expect(isRunning(server)).toBe(true);

    await ledger[Symbol.asyncDispose]();

    expect(isRunning(server)).toBe(false);
  });

  it("refuses a second holder in one sentence that names the first", async () => {
    const holder = await begun(issuer(folder, "first"));
    onTestFinished(() => ended(holder));

    const refusal = await embeddedLedger({ folder, clock }).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(LedgerConflict);
    expect(String(refusal)).toContain(`${folder} is in use by process ${holder.pid}`);
  });

  it("refuses a second holder in the same process", async () => {
    await using _ledger = await embeddedLedger({ folder, clock });

    await expect(embeddedLedger({ folder, clock })).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it("has one winner when two open an empty folder at the same time", async () => {
    const folder = ledgerFolder();

    const outcomes = await Promise.allSettled([0, 1, 2].map((index) => begun(issuer(folder, `rival-${index}`))));

    const winners = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(String(outcome.reason)).toMatch(/in use by process/);
    const server = serverOf(folder);
    for (const { value } of winners) value.kill("SIGKILL");
    await vi.waitFor(() => expect(isRunning(server)).toBe(false), { timeout: 20_000 });
  });

  it("loses nothing that it said is issued, however often its process is killed", async () => {
    const promised: string[] = [];

    await fc.assert(
      fc.asyncProperty(fc.nat(60), async (milliseconds) => {
        promised.push(...(await issueUntilKilled(folder, milliseconds)));
      }),
      // One life that is long enough to issue something, however slow the machine's disk is.
      { numRuns: runs(8), endOnFailure: true, examples: [[2_000]] },
    );

    await using ledger = await embeddedLedger({ folder, clock });
    const issued = await ledger.invoices({}, EVERYTHING);
    expectChain(issued);
    expect(promised.length).toBeGreaterThan(0);
    expect(issued.map(({ number }) => number)).toEqual(expect.arrayContaining(promised));
  });

  it("stops its server when its process is killed", async () => {
    const holder = await begun(issuer(folder, "killed"));
    const server = serverOf(folder);

    holder.kill("SIGKILL");

    await vi.waitFor(() => expect(isRunning(server)).toBe(false), { timeout: 20_000 });
  });

  it.skipIf(process.platform !== "linux")(
    "replaces a server that was orphaned because its keeper was killed too",
    async () => {
      const holder = await begun(issuer(folder, "orphaning"));
      const server = serverOf(folder);
      for (const shell of shellsAround(server)) process.kill(Number(shell), "SIGKILL");
      holder.kill("SIGKILL");
      await once(holder, "close");
      expect(isRunning(server)).toBe(true);

      await using ledger = await embeddedLedger({ folder, clock });

      expect(isRunning(server)).toBe(false);
      expectChain(await ledger.invoices({}, EVERYTHING));
    },
  );

  it("says that it is unavailable while its server is dead, starts it again, and has kept what was issued", async () => {
    await using ledger = await embeddedLedger({ folder, clock });
    const issued = await ledger.issue(draftOf("killed", month(0)));
    process.kill(serverOf(folder), "SIGKILL");

    const refusals: unknown[] = [];
    const issue = () => ledger.issue(draftOf("killed", month(1))).catch((error: unknown) => refusals.push(error) < 0);
    await vi.waitUntil(issue, { timeout: 60_000 });

    for (const refusal of refusals) expect(refusal).toBeInstanceOf(LedgerUnavailable);
    expect(await ledger.invoice(issued.number, EVERYTHING)).toEqual(issued);
    expectChain(await ledger.invoices({}, EVERYTHING));
  });

  it("can be closed while its server is coming up again", async () => {
    const ledger = await embeddedLedger({ folder, clock });
    process.kill(serverOf(folder), "SIGKILL");
    await vi.waitFor(() => expect(ledger.books()).rejects.toThrow(LedgerUnavailable), { timeout: 20_000 });

    await ledger[Symbol.asyncDispose]();

    await (await embeddedLedger({ folder, clock }))[Symbol.asyncDispose]();
  });

  it.skipIf(process.platform !== "linux")(
    "is not held up by a stranger that got the number of its dead server",
    async () => {
      await (await embeddedLedger({ folder, clock }))[Symbol.asyncDispose]();
      const { uid, gid } = statSync(join(folder, "postgresql"));
      const stranger = spawn("sleep", ["60"], { uid, gid, argv0: "/usr/lib/postgresql/15/bin/postgres" });
      onTestFinished(() => void stranger.kill());
      writeFileSync(join(folder, "postgresql/postmaster.pid"), `${stranger.pid}\n/proc/self/cwd\n`);

      await using ledger = await embeddedLedger({ folder, clock });

      expectChain(await ledger.invoices({}, EVERYTHING));
    },
  );

  it("does not touch a folder in which somebody else runs a PostgreSQL", async () => {
    await (await embeddedLedger({ folder, clock }))[Symbol.asyncDispose]();
    const pidFile = join(folder, "postgresql/postmaster.pid");
    const other = spawn("sleep", ["60"], { argv0: "/usr/lib/postgresql/18/bin/postgres" });
    onTestFinished(() => void other.kill());
    writeFileSync(pidFile, `${other.pid}\n/elsewhere\n`);

    await expect(embeddedLedger({ folder, clock })).rejects.toThrow(`process ${other.pid} runs a PostgreSQL in`);

    expect(readFileSync(pidFile, "utf8")).toContain("/elsewhere");
    rmSync(pidFile);
  });

  it.skipIf(!isRoot)(
    "runs for a user without rights as it does for root (skipped where the tests do not run as root)",
    async () => {
      const folder = ledgerFolder();
      chownSync(folder, NOBODY, NOBODY);
      const holder = await begun(issuer(folder, "modest", { uid: NOBODY, gid: NOBODY }));
      holder.kill("SIGKILL");
      await once(holder, "close");

      await using ledger = await embeddedLedger({ folder, clock });

      expect(statSync(join(folder, "postgresql")).uid).toBe(NOBODY);
      expectChain(await ledger.invoices({}, EVERYTHING));
    },
  );

  it.skipIf(!isRoot)(
    "tells a user whose data it is that he may not read (skipped where the tests do not run as root)",
    async () => {
      const folder = ledgerFolder();
      await (await embeddedLedger({ folder, clock }))[Symbol.asyncDispose]();
      chownSync(folder, NOBODY, NOBODY);

      await expect(begun(issuer(folder, "curious", { uid: NOBODY, gid: NOBODY }))).rejects.toThrow(
        /belongs to user \d+/,
      );
    },
  );
});

const NOBODY = 65_534;

function ledgerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-ledger-"));
  onTestFinished(async () => {
    await vi.waitFor(() => rmSync(folder, { recursive: true, force: true }), { timeout: 20_000 });
  });
  return folder;
}

/** Kills it, and waits until it is gone: whoever opens the folder next must not find it alive. */
async function ended(holder: ChildProcess): Promise<void> {
  holder.kill("SIGKILL");
  await once(holder, "close");
}

const serverOf = (folder: string): number =>
  Number.parseInt(readFileSync(join(folder, "postgresql/postmaster.pid"), "utf8"), 10);

const isRunning = (pid: number): boolean =>
  execFileSync("ps", ["-eo", "pid,stat"], { encoding: "utf8" })
    .split("\n")
    .some((line) => new RegExp(`^ *${pid} [^Z]`).test(line));

/** The keeper and the part of it that waits. */
function shellsAround(server: number): string[] {
  const keeper = execFileSync("ps", ["-o", "ppid=", "-p", String(server)], { encoding: "utf8" }).trim();
  const children = execFileSync("ps", ["-o", "pid=", "--ppid", keeper], { encoding: "utf8" })
    .split(/\s+/)
    .filter((pid) => pid !== "" && pid !== String(server));
  return [keeper, ...children];
}
