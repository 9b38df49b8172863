import { formatMinor, type IssuedInvoice } from "@raingauge/domain";
import { day, monthOrDays } from "./dates.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { type Visitor, ways } from "./visitor.ts";
import { grouped } from "./words.ts";

/** The invoices that somebody may see, newest first, as a page of links to them. */
export function invoiceListPage(documents: readonly IssuedInvoice[], visitor: Visitor): string {
  const body = html`
<main>
${ways("/invoices", visitor)}
<header><div><p class="kind">Raingauge</p><h1>Invoices</h1></div></header>
${documents.length === 0 ? html`<p class="empty">No invoice has been issued yet.</p>` : list(documents)}
</main>`;
  return page("Invoices", body);
}

const list = (documents: readonly IssuedInvoice[]): Html => html`
<table>
  <caption>Newest first</caption>
  <thead><tr><th scope="col">Number</th><th scope="col">Account</th><th scope="col">Period</th><th scope="col">Issued</th><th scope="col" class="number">Total</th><th scope="col">As a file</th></tr></thead>
  <tbody>${documents.map(row)}
  </tbody>
</table>`;

const row = ({ number, issuedAt, invoice }: IssuedInvoice): Html => html`
    <tr>
      <td><a href="/invoices/${encodeURIComponent(number)}">${number}</a></td>
      <td>${invoice.account.name}</td>
      <td>${monthOrDays(invoice.period, invoice.zone)}</td>
      <td>${day(issuedAt, invoice.zone)}</td>
      <td class="number">${grouped(formatMinor(invoice.total, invoice.currency))}\u00a0${invoice.currency}</td>
      <td><a href="/v1/invoices/${encodeURIComponent(number)}/documents/pdf" aria-label="${number} as PDF">PDF</a></td>
    </tr>`;
