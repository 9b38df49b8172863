import type { IssuedInvoice } from "@raingauge/domain";
import { type Html, html, NOTHING } from "./html.ts";
import { page } from "./page.ts";
import { type DraftInvoice, type Fact, type Sheet, type SheetLine, sheetOf } from "./sheet.ts";

/**
 * An issued document as one page that stands alone: no script, no font, no picture from elsewhere, ready to print, in the
 * account's language. Pure, so that the same document always gives the same bytes.
 */
export function invoicePage(document: IssuedInvoice): string {
  const base = `/v1/invoices/${encodeURIComponent(document.number)}`;
  return billPage(sheetOf(document), {
    why: (line) => `${base}/lines/${line.position}/why`,
    verify: `${base}/verify`,
  });
}

/** The same of what is not issued yet, which says so, and of which there is nothing to be proved. */
export const draftPage = (draft: DraftInvoice): string => billPage(sheetOf(draft), {});

/** Where a reader who doubts is led to. */
interface Proofs {
  readonly why?: (line: SheetLine) => string;
  readonly verify?: string;
}

function billPage(sheet: Sheet, { why, verify }: Proofs): string {
  const body = html`
<main>
${heading(sheet)}
${parties(sheet)}
${facts(sheet.facts, "facts")}
${sheet.number === "" ? remarks(sheet) : NOTHING}
${lines(sheet, why)}
${sheet.number === "" ? NOTHING : remarks(sheet)}
${foundation(sheet)}
${footnotes(sheet, verify)}
</main>`;
  return page(sheet.title, body, sheet.language);
}

const heading = ({ kind, number, buyer, phrases, total }: Sheet): Html => html`
<header>
  <div>
    <p class="kind">${kind}</p>
    <h1>${number === "" ? (buyer[0] ?? "") : number}</h1>
  </div>
  <p class="total"><span>${phrases.total}</span> <strong>${total}</strong></p>
</header>`;

/** Within a house there is nobody to name but the account, which is among the facts. */
const parties = ({ seller, buyer, phrases }: Sheet): Html =>
  seller.length === 0
    ? NOTHING
    : html`
<div class="parties">
  <section aria-label="${phrases.from}"><h2>${phrases.from}</h2><address>${broken(seller)}</address></section>
  <section aria-label="${phrases.to}"><h2>${phrases.to}</h2><address>${broken(buyer)}</address></section>
</div>`;

const broken = (texts: readonly string[]): Html =>
  html`${texts.map((text, index) => (index === 0 ? html`${text}` : html`<br>${text}`))}`;

const facts = (told: readonly Fact[], style: string): Html => html`
<dl class="${style}">${told.map(
  ({ name, value }) => html`
  <div><dt>${name}</dt><dd>${value}</dd></div>`,
)}
</dl>`;

const lines = ({ phrases, lines: told, sums }: Sheet, why: Proofs["why"]): Html => html`
<table class="bill">
  <caption>${phrases.lines}</caption>
  <thead>
    <tr><th scope="col" class="position">#</th><th scope="col">${phrases.item}</th><th scope="col" class="number">${phrases.quantity}</th><th scope="col" class="number">${phrases.unitPrice}</th><th scope="col" class="number">${phrases.amount}</th></tr>
  </thead>
  <tbody>${told.map((line) => row(line, { phrases, why: why?.(line) }))}
  </tbody>
  <tfoot>${sums.map(
    ({ name, value }) => html`
    <tr><th scope="row" colspan="4">${name}</th><td class="number">${value}</td></tr>`,
  )}
  </tfoot>
</table>`;

const row = (
  line: SheetLine,
  { phrases, why }: Pick<Sheet, "phrases"> & { readonly why: string | undefined },
): Html => html`
    <tr>
      <td class="position">${line.position}</td>
      <td><span class="item">${line.item}</span>
        <small><code>${line.sku}</code></small>${line.details.map((detail) => html`<small>${detail}</small>`)}
        ${proof(line, phrases.why, why)}</td>
      <td class="number">${line.quantity}<small>${line.unit}</small></td>
      <td class="number">${line.prices.map((price) => html`<span class="tier">${price}</span>`)}${line.prices.length === 0 ? NOTHING : html`<small>${phrases.per} ${line.unit}</small>`}</td>
      <td class="number">${line.amount}</td>
    </tr>`;

/** A line that adjusts others measures nothing, so there is nothing to prove but the sum, and that is on the paper. */
const proof = ({ evidence }: SheetLine, words: string, why: string | undefined): Html => {
  if (evidence === undefined) return NOTHING;
  const ask = why === undefined ? NOTHING : html`<span class="ask"> · <a href="${why}">${words}</a></span>`;
  return html`<small class="evidence">${evidence}${ask}</small>`;
};

const remarks = ({ notes, payment, phrases }: Sheet): Html => html`
${notes.map((note) => html`<p>${note}</p>`)}
${payment.length === 0 ? NOTHING : html`<section><h2>${phrases.payTo}</h2><p>${broken(payment)}</p></section>`}`;

/** What a doubting reader asks first: how much of this was seen, and who was there to see it. */
const foundation = ({ founded, phrases }: Sheet): Html =>
  founded.length === 0
    ? NOTHING
    : html`
<section class="founded"><h2>${phrases.completeness}</h2>${facts(founded, "facts")}</section>`;

const footnotes = ({ phrases, check, seals }: Sheet, verify: string | undefined): Html => html`
<footer>
  <h2>${check.title}</h2>${check.texts.map(
    (text) => html`
  <p>${text}</p>`,
  )}
  ${verify === undefined ? NOTHING : html`<p><a href="${verify}">${phrases.verify}</a></p>`}
  ${facts(seals, "seals")}
</footer>`;
