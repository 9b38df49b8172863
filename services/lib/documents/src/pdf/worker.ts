import { parentPort } from "node:worker_threads";
import type { IssuedInvoice } from "@raingauge/domain";
import { printer } from "./print.ts";

// The thread that prints: fonts are read once, then every document that is handed over comes back as bytes.
const print = printer();
parentPort?.on("message", ({ id, issued }: { readonly id: number; readonly issued: IssuedInvoice }) => {
  try {
    parentPort?.postMessage({ id, pdf: print(issued) });
  } catch (error) {
    parentPort?.postMessage({ id, wrong: error instanceof Error ? error.message : String(error) });
  }
});
