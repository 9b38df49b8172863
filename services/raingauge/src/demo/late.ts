import type { IssuedInvoiceView } from "@raingauge/wire";
import { answered, type Door, service } from "../client.ts";
import type { WhyAnswer } from "../why-text.ts";
import type { Recorded } from "./recording.ts";

/** A recording of which one request is kept back, as a notification that waits somewhere while the month is closed. */
export interface KeptBack {
  readonly heard: readonly Recorded[];
  readonly late: readonly Recorded[];
}

/**
 * Keeps back the last release of a floating address: all that was said of it in its request. Nobody hears that the address
 * is free again, and whoever heard of everything else goes on believing in it.
 */
export function keepBackRelease(messages: readonly Recorded[]): KeptBack {
  const release = messages.findLast(({ body }) => RELEASED.test(body));
  const request = release === undefined ? undefined : requestOf(release);
  if (request === undefined) throw new Error("the recording has no floating address that was released");
  const { late = [], heard = [] } = Object.groupBy(messages, (message) =>
    requestOf(message) === request ? "late" : "heard",
  );
  return { heard, late };
}

const RELEASED = /\\?"event_type\\?": \\?"floatingip\.delete\.end\\?"/;

const requestOf = ({ body }: Recorded): string | undefined =>
  /\\?"_context_request_id\\?": \\?"(req-[^"\\]+)\\?"/.exec(body)?.[1];

/** A correction, and why each of its lines says what it says. */
export interface Corrected {
  readonly document: IssuedInvoiceView;
  readonly why: readonly WhyAnswer[];
}

/** Writes what became known after the month was closed, and asks of every line why. */
export async function corrected(door: Door, month: string): Promise<Corrected[]> {
  const api = service(door);
  const { documents } = await answered(api.POST("/v1/adjustments", { body: { period: month } }));
  const corrections: Corrected[] = [];
  for (const document of documents) {
    const why: WhyAnswer[] = [];
    for (const { position } of document.lines)
      why.push(
        await answered(
          api.GET("/v1/invoices/{number}/lines/{position}/why", {
            params: { path: { number: document.number, position } },
          }),
        ),
      );
    corrections.push({ document, why });
  }
  return corrections;
}
