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

/** How projects are called, by their ids, as far as anybody says. */
export type Names = ReadonlyMap<string, string>;

/** A project by its name, with the id that it is billed under beneath; by the id alone where nobody knows its name. */
export const called = (project: string, names: Names): Html => {
  const name = names.get(project);
  return name === undefined || name === project ? html`${project}` : html`${name}<small>${project}</small>`;
};

/** The way from page to page. What is no page of finance's own, such as an invoice that may be printed, has none. */
export const ways = (here: (typeof PAGES)[number]["path"], { name, canSignOut }: Visitor): Html => html`
<nav aria-label="Pages">
  <ul>${PAGES.map(({ path, title }) => (path === here ? html`<li><a href="${path}" aria-current="page">${title}</a></li>` : html`<li><a href="${path}">${title}</a></li>`))}</ul>
  <div>${name}${canSignOut ? html` <form method="post" action="/sign-out"><button>Sign out</button></form>` : NOTHING}</div>
</nav>`;
