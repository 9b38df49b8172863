import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { EVERYTHING, instant } from "@raingauge/domain";
import { describeWith, postgresServer } from "@raingauge/harness";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { expect, it } from "vitest";
import { APRIL, BOOK, CROWD, crowdedCloud } from "./fixtures/cloud.ts";
import { verify } from "./verify.ts";

const PROGRAM = fileURLToPath(new URL("fixtures/closing-process.ts", import.meta.url));

await describeWith("postgresql", "raters that close the same month at the same moment", () => {
  it("issue each account's invoice once, without a gap, though some of them never asked for the lease", async () => {
    await using server = await postgresServer();
    await using ledger = await postgresLedger({ url: server.url, clock: () => APRIL });
    await ledger.publish(BOOK, instant("2026-01-01T00:00:00Z"));
    const raters = await Promise.all([
      rater(server.url, "rater-1"),
      rater(server.url, "rater-2"),
      rater(server.url, "rater-3", "anyway"),
      rater(server.url, "rater-4", "anyway"),
    ]);

    const outcomes = await Promise.all(raters.map((each) => each.close()));

    const issued = await ledger.invoices({}, EVERYTHING);
    expect(issued.map(({ invoice }) => invoice.account.id).toSorted()).toEqual(CROWD.toSorted());
    expect(issued.map(({ sequence }) => sequence).toSorted((a, b) => Number(a - b))).toEqual(
      CROWD.map((_, index) => BigInt(index + 1)),
    );
    expect(outcomes.flat().filter(([, outcome]) => outcome !== "issued" && outcome !== "already issued")).toEqual([]);
    expect(outcomes.slice(0, 2).filter((results) => results.length > 0).length).toBeLessThanOrEqual(1);
    const { store } = await crowdedCloud();
    for (const { number } of issued)
      expect((await verify({ store, ledger }, number, EVERYTHING))?.frozen).toEqual({ passed: true, findings: [] });
  });
});

async function rater(url: string, holder: string, ...anyway: string[]) {
  const child = spawn(process.execPath, [PROGRAM, url, holder, ...anyway], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    close: async (): Promise<[string, string][]> => {
      child.stdin.write("now\n");
      const { value } = await lines.next();
      await ended(child);
      return JSON.parse(value ?? "[]");
    },
  };
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null) await once(child, "close");
};
