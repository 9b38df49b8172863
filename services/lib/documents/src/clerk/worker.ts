import { type MessagePort, parentPort } from "node:worker_threads";
import { exportOf } from "../formats.ts";
import { bytesOf, ExportRefused, type Writer } from "../writer.ts";
import type { Said, Told } from "./clerk.ts";

// The thread that writes: each file that was begun is added to in turn, and what can be told of it goes back at once.
if (parentPort !== null) {
  const port = parentPort;
  const open = new Map<number, Writer>();
  port.on("message", (told: Told) => {
    if ("begin" in told) return void open.set(told.id, exportOf(told.begin).begin(told.chart));
    if ("drop" in told) return void open.delete(told.id);
    answer(port, told, open.get(told.id));
  });
}

function answer(port: MessagePort, told: Extract<Told, { add: unknown } | { end: unknown }>, writer?: Writer): void {
  const { id } = told;
  try {
    if (writer === undefined) throw new Error("a file was added to that nobody began");
    // A copy of its own, so that it can be handed over whatever the writer goes on using.
    const piece = new Uint8Array(bytesOf("add" in told ? writer.add(told.add) : writer.end()));
    port.postMessage({ id, piece } satisfies Said, [piece.buffer]);
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    port.postMessage({ id, wrong, isRefused: error instanceof ExportRefused } satisfies Said);
  }
}
