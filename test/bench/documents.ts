import { E_INVOICES, eInvoiceProblems, press } from "@raingauge/documents";
import { ofLines } from "@raingauge/documents/fixtures";
import type { IssuedInvoice } from "@raingauge/domain";
import { viewIssued } from "@raingauge/wire";
import { type Bench, type Benchmark, type Figure, held, rate } from "./benchmark.ts";
import { secondsOf } from "./stopwatch.ts";

/** Invoices of fifty lines as an electronic invoice, checked, and as PDF/A-3 with it attached. */
export const documents: Benchmark = {
  name: "documents",
  about: "invoices of 50 lines checked, as UBL, and as PDF/A-3",
  needs: [],
  run: written,
};

const LINES = 50;
const INVOICES = 400;
const PRINTED = 100;
const LONGER_MS = 1_013_003;

/** Of its own number, machines, times and amounts: a typesetter remembers what it has set before. */
function invoiceOf(index: number): IssuedInvoice {
  const issued = ofLines(LINES, index * LONGER_MS);
  const lines = issued.invoice.lines.map((line) => ({ ...line, resource: `${line.resource}-of-${index}` }));
  return { ...issued, number: `RG-${index}`, invoice: { ...issued.invoice, lines } };
}

async function written({ scale, say }: Bench): Promise<readonly Figure[]> {
  const invoices = Array.from({ length: Math.ceil(INVOICES * scale) }, (_, index) => invoiceOf(index));
  say(`checking and writing ${invoices.length} invoices`);
  const viewed = await secondsOf(() => invoices.map((issued) => JSON.stringify(viewIssued(issued))));
  const checked = await secondsOf(() => invoices.map(eInvoiceProblems));
  const ubl = await secondsOf(() => invoices.map((issued) => E_INVOICES.ubl.write([issued])));
  const printed = invoices.slice(0, Math.ceil(PRINTED * scale));
  say(`printing ${printed.length} of them`);
  // As the rater has them printed: by a thread of their own, which lets go of each before the next.
  await using printing = press();
  await printing.print(ofLines(1));
  const pdf = await secondsOf(async () => {
    for (const issued of printed) await printing.print(issued);
  });
  const json = rate("invoices as JSON alone", "documents/s", invoices.length, viewed);
  return [
    held(rate("invoices as UBL", "documents/s", invoices.length, ubl), [json]),
    held(rate("invoices checked by every rule", "documents/s", invoices.length, checked), [json]),
    held(rate("invoices as PDF/A-3", "documents/s", printed.length, pdf), [json]),
    json,
  ];
}
