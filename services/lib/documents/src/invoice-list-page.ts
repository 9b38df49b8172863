import { formatMinor, type IssuedInvoice } from "@raingauge/domain";
import { day, monthOrDays } from "./dates.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { called, type Names, type Visitor, ways } from "./visitor.ts";
import { grouped } from "./words.ts";

/** The invoices that somebody may see, newest first, as a page of links to them. */
export function invoiceListPage(
  documents: readonly IssuedInvoice[],
  visitor: Visitor,
  { names = new Map(), older }: Further = {},
): string {
  const body = html`
<main>
${ways("/invoices", visitor)}
<header><div><p class="kind">Raingauge</p><h1>Invoices</h1></div></header>
${documents.length === 0 ? html`<p class="empty">No invoice has been issued yet.</p>` : list(documents, names)}
${older === undefined ? html`` : html`<p><a href="${older}" rel="next">Older invoices</a></p>`}
</main>`;
  return page("Invoices", body);
}

interface Further {
  readonly names?: Names;
  /** Where the list goes on. */
  readonly older?: string | undefined;
}

const list = (documents: readonly IssuedInvoice[], names: Names): Html => html`
<table class="list">
  <caption>Newest first</caption>
  <thead><tr><th scope="col">Number</th><th scope="col">Account</th><th scope="col">Period</th><th scope="col">Issued</th><th scope="col" class="number">Total</th><th scope="col">As a file</th></tr></thead>
  <tbody>${documents.map((document) => row(document, names))}
  </tbody>
</table>`;

const row = ({ number, issuedAt, invoice }: IssuedInvoice, names: Names): Html => html`
    <tr>
      <td><a href="/invoices/${encodeURIComponent(number)}">${number}</a></td>
      <td>${payer(invoice.account, names)}</td>
      <td>${monthOrDays(invoice.period, invoice.zone)}</td>
      <td>${day(issuedAt, invoice.zone)}</td>
      <td class="number">${grouped(formatMinor(invoice.total, invoice.currency)).replace("-", "−")}\u00a0${invoice.currency}</td>
      <td><a href="/v1/invoices/${encodeURIComponent(number)}/documents/pdf" aria-label="${number} as PDF">PDF</a></td>
    </tr>`;

/** Who has an account of its own gave it a name; a project that has none is billed under its id. */
const payer = ({ id, name }: IssuedInvoice["invoice"]["account"], names: Names): Html =>
  name === id ? called(id, names) : html`${name}`;
