import { at } from "@raingauge/domain";
import { correctionOf, draftOf, month } from "@raingauge/ledger/fixtures";
import { postgresLedger } from "@raingauge/ledger/postgres";

// A program that issues invoices and credit notes until it is killed, and says so after the first. It begins with what
// the life before it may have been killed over: whatever that left half done would be met here.
const [url = "", lane = "", life = "0"] = process.argv.slice(2);
const ledger = await postgresLedger({ url, clock: () => at(Date.now()) });
await issueSome(Number(life) - 1, 3);
await issueSome(Number(life), Number.POSITIVE_INFINITY);

async function issueSome(of: number, several: number): Promise<void> {
  for (let turn = 0; turn < several; turn += 1) {
    const issued = await ledger.issue(draftOf(`${lane}-${of}-${turn}`, month(turn % 6), 137_000n));
    if (turn === 0) process.stdout.write("issuing\n");
    if (turn % 3 === 1) await ledger.issue(correctionOf(issued));
  }
}
