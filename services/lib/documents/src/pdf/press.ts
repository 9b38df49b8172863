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

/**
 * A press with one thread, which is started by the first document. It is handed a document when it has given back the one
 * before: what the typesetter held of that, some megabytes, is let go only between messages.
 */
export function press(): Press {
  const printing = thread<Printed>(new URL("./worker.ts", import.meta.url), pdfOf);
  let asked = 0;
  let isClosed = false;
  let before: Promise<unknown> = Promise.resolve();
  const handed = (document: IssuedInvoice | DraftInvoice): Promise<Buffer> => {
    if (isClosed) return Promise.reject(new Error("the press was closed"));
    asked += 1;
    return printing.ask(printing.started(), { id: asked, document });
  };
  return {
    print(document) {
      const printed = before.then(() => handed(document));
      before = printed.catch(() => undefined); // Whoever asked for it hears of it.
      return printed;
    },
    [Symbol.asyncDispose]: () => {
      isClosed = true;
      return printing[Symbol.asyncDispose]();
    },
  };
}

function pdfOf({ pdf, wrong }: Printed): Uint8Array {
  if (pdf === undefined) throw new Error(`a document could not be printed: ${wrong}`);
  return pdf;
}
