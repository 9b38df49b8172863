import { parentPort } from "node:worker_threads";
import { QueryError } from "@raingauge/promql";
import { borrowed, type LentReply } from "./lent.ts";
import { outcomeOf, type Question } from "./question.ts";

/** What the thread that serves requests says to one that answers a question. */
export type Told = LentReply | { readonly kind: "ask"; readonly question: Question } | { readonly kind: "stop" };

/** One question after another, beside the thread that serves requests: what is computed here keeps nobody else waiting. */
if (parentPort !== null) {
  const port = parentPort;
  const { lent, hear, refuse } = borrowed(port);
  const canceled = new QueryError("canceled", "query was canceled in query execution");
  port.on("message", async (told: Told) => {
    switch (told.kind) {
      case "ask":
        refuse(undefined);
        port.postMessage({ kind: "outcome", outcome: await outcomeOf(told.question, lent) });
        return;
      case "stop":
        refuse(canceled);
        return;
      case "part":
      case "value":
      case "failure":
        hear(told);
    }
  });
}
