import { describeLedger } from "../conformance.ts";
import { memoryLedger } from "./memory.ts";

describeLedger("memory", async (options) => ({ ledger: memoryLedger(options) }), {
  another: "it forgets everything with its process",
  sql: "it has no SQL",
});
