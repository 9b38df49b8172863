import { type Html, html } from "./html.ts";
import { page } from "./page.ts";

/** What the check of an invoice found, level by level. */
export interface CheckedInvoice {
  readonly number: string;
  readonly passed: boolean;
  readonly frozen: CheckedLevel;
  readonly readings: CheckedLevel;
}

interface CheckedLevel {
  readonly passed: boolean;
  readonly findings: readonly { readonly sentence: string }[];
  /** Why nothing was compared. */
  readonly gone?: string | undefined;
}

/** Whether an invoice still comes out the same, for somebody who has to sign for it. */
export function verificationPage({ number, passed, frozen, readings }: CheckedInvoice): string {
  const body = html`
<main>
<header>
  <div>
    <p class="kind">Check of invoice <a href="/invoices/${encodeURIComponent(number)}">${number}</a></p>
    <h1>${passed ? "It comes out the same" : "It does not come out the same"}</h1>
  </div>
</header>
${level("From the usages frozen with it, its seal, its price book and its place in the chain", frozen)}
${level("From the readings as they were known when it was issued", readings)}
</main>`;
  return page(`Check of invoice ${number}`, body);
}

const level = (title: string, { passed, findings, gone }: CheckedLevel): Html => html`
<section>
  <h2>${title}</h2>
  <p>${gone ?? (passed ? "The same, to the byte." : "Not the same:")}</p>
  <ul>${findings.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>
</section>`;
