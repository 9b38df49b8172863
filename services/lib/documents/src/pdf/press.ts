import type { IssuedInvoice } from "@raingauge/domain";
import type { DraftInvoice } from "../sheet.ts";
import { thread } from "../thread.ts";

/** Prints documents without holding up whoever asks: a large one takes a good part of a second. */
export interface Press extends AsyncDisposable {
  print(document: IssuedInvoice | DraftInvoice): Promise<Buffer>;
}

interface Printed {
  readonly id: number;
  readonly pdf?: Uint8Array;
  readonly wrong?: string;
}

/** A press with one thread, which is started by the first document. */
export function press(): Press {
  const printing = thread<Printed>(new URL("./worker.ts", import.meta.url), pdfOf);
  let asked = 0;
  return {
    print(document) {
      asked += 1;
      return printing.ask(printing.started(), { id: asked, document });
    },
    [Symbol.asyncDispose]: () => printing[Symbol.asyncDispose](),
  };
}

function pdfOf({ pdf, wrong }: Printed): Uint8Array {
  if (pdf === undefined) throw new Error(`a document could not be printed: ${wrong}`);
  return pdf;
}
