import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { at, EVERYTHING, type IssuedInvoice } from "@raingauge/domain";
import { describeWith, postgresServer } from "@raingauge/harness";
import type { Ledger } from "@raingauge/ledger";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { documentHash, usageDigest } from "@raingauge/wire";
import { expect, it } from "vitest";
import { chance } from "../generators/chance.ts";
import { seedOfRun } from "../generators/hunt.ts";

const ISSUER = fileURLToPath(new URL("issuer-process.ts", import.meta.url));

/** A thousand by hand: `RAINGAUGE_KILLS=1000 npx vitest run test/faults/issuing.test.ts`, six minutes on two cores. */
const KILLS = Number(process.env["RAINGAUGE_KILLS"] ?? "20");
/** So many issue at once, and each is killed by itself. */
const LANES = ["a", "b"];
const LONGEST_LIFE_MS = 100;

await describeWith("postgresql", `issuers that are killed ${KILLS} times in the middle of it`, () => {
  it("leave no gap, no number twice, no half document and no broken chain", {
    timeout: 60_000 + KILLS * 5_000,
  }, async () => {
    const random = chance(seedOfRun());
    const postgres = await postgresServer();
    try {
      await Promise.all(LANES.map((lane) => killed(lane, KILLS / LANES.length, postgres.url, random)));

      await using ledger = await postgresLedger({ url: postgres.url, clock: () => at(Date.now()) });
      const documents = await ledger.invoices({}, EVERYTHING);
      const bySeries = Map.groupBy(documents, ({ series }) => series);

      expect(documents.length).toBeGreaterThan(KILLS);
      expect([...bySeries.keys()].toSorted()).toEqual(["RG", "RG-CN"]);
      for (const mine of bySeries.values()) expect(brokenAt(mine)).toEqual([]);
      expect(await halfDone(ledger, documents)).toEqual([]);
      expect(paidTwice(documents)).toEqual([]);
    } finally {
      await postgres.stop();
    }
  });
});

/** One life after the other, each ended by SIGKILL some milliseconds after it began to issue. */
async function killed(lane: string, lives: number, url: string, random: (below: number) => number): Promise<void> {
  for (let life = 0; life < lives; life += 1) {
    const issuer = spawn(process.execPath, [ISSUER, url, lane, String(life)], { stdio: ["ignore", "pipe", "inherit"] });
    const end = once(issuer, "exit");
    await Promise.race([
      once(issuer.stdout, "data"),
      end.then(([code]) => Promise.reject(new Error(`an issuer ended: ${code}`))),
    ]);
    await pause(random(LONGEST_LIFE_MS));
    issuer.kill("SIGKILL");
    await end;
    expect(killedBy(issuer)).toBe("SIGKILL");
  }
}

const killedBy = ({ signalCode }: ChildProcess): NodeJS.Signals | null => signalCode;

/** Where a series' numbers or its chain are not as they must be. */
function brokenAt(series: readonly IssuedInvoice[]): string[] {
  return series.flatMap((document, index) => {
    const before = series[index - 1];
    const isNext = document.sequence === BigInt(index + 1);
    const isChained = document.previousHash === (before?.hash ?? "") && documentHash(document) === document.hash;
    return isNext && isChained ? [] : [document.number];
  });
}

/** Documents of which not all that they rest on is there. */
async function halfDone(ledger: Ledger, documents: readonly IssuedInvoice[]): Promise<string[]> {
  const broken: string[] = [];
  for (const { number, usageDigests, freeDigest } of documents)
    for (const [position, digest] of [freeDigest, ...usageDigests].entries())
      if (usageDigest(await ledger.usages(number, position, EVERYTHING)) !== digest)
        broken.push(`${number}/${position}`);
  return broken;
}

/** Invoices of one account and period of which another was not taken back, and corrections of one thing. */
function paidTwice(documents: readonly IssuedInvoice[]): string[] {
  const key = ({ invoice }: IssuedInvoice): string =>
    JSON.stringify([invoice.account.id, invoice.period.start, invoice.kind]);
  return [...Map.groupBy(documents, key)].filter(([, same]) => same.length > 1).map(([name]) => name);
}
