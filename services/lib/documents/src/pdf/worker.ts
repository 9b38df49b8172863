import { parentPort } from "node:worker_threads";
import type { IssuedInvoice } from "@raingauge/domain";
import type { DraftInvoice } from "../sheet.ts";
import { printer } from "./print.ts";

// The thread that prints: fonts are read once, then every document that is handed over comes back as bytes.
const print = printer();
parentPort?.on(
  "message",
  ({ id, document }: { readonly id: number; readonly document: IssuedInvoice | DraftInvoice }) => {
    try {
      parentPort?.postMessage({ id, pdf: print(document) });
    } catch (error) {
      parentPort?.postMessage({ id, wrong: error instanceof Error ? error.message : String(error) });
    }
  },
);
