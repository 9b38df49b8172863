import { type Html, html, NOTHING } from "./html.ts";

/** Who looks at a page, and whether they signed in with their browser and so can sign out of it. */
export interface Visitor {
  readonly name: string;
  readonly canSignOut: boolean;
}

const PAGES = [
  { path: "/invoices", title: "Invoices" },
  { path: "/costs", title: "Costs so far" },
] as const;

/** The way from page to page. What is no page of finance's own, such as an invoice that may be printed, has none. */
export const ways = (here: (typeof PAGES)[number]["path"], { name, canSignOut }: Visitor): Html => html`
<nav aria-label="Pages">
  <ul>${PAGES.map(({ path, title }) => (path === here ? html`<li><a href="${path}" aria-current="page">${title}</a></li>` : html`<li><a href="${path}">${title}</a></li>`))}</ul>
  <div>${name}${canSignOut ? html` <form method="post" action="/sign-out"><button>Sign out</button></form>` : NOTHING}</div>
</nav>`;
