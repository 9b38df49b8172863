import { html } from "./html.ts";
import { page } from "./page.ts";

/** Where somebody stands who has just left. */
export const signedOutPage = (): string =>
  page(
    "Signed out",
    html`
<main>
<header><div><p class="kind">Raingauge</p><h1>Signed out</h1></div></header>
<p>This browser shows nothing of yours any more. <a href="/invoices">Sign in again</a></p>
</main>`,
  );
