import { type Html, html } from "./html.ts";

/** A whole page around a body. It carries its own style and asks for nothing else, so a printed or saved copy is complete. */
export const page = (title: string, body: Html, language = "en"): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>${body}
</body>
</html>
`.markup;

/** One column, generous margins, figures that stand under each other; on paper no link and no colour carries a meaning. */
const STYLE: Html = {
  markup: `
:root { --ink: #16202b; --soft: #55626f; --rule: #d5dbe1; --accent: #0b5c8a; --paper: #fff; --desk: #eef1f4; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e4eaf0; --soft: #9dabb8; --rule: #36424e; --accent: #7fc1ec; --paper: #19222c; --desk: #0f151b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--desk); color: var(--ink); font: 15px/1.45 "Inter", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
main { max-width: 60rem; margin: 2rem auto; padding: 3rem; background: var(--paper); box-shadow: 0 1px 4px #0002; }
header { display: flex; justify-content: space-between; align-items: flex-end; gap: 2rem; margin-bottom: 1.5rem; padding-bottom: 1.25rem; border-bottom: 3px solid var(--ink); }
nav { display: flex; justify-content: space-between; align-items: center; gap: 1rem; margin-bottom: 1.5rem; }
nav ul { display: flex; gap: 1.25rem; margin: 0; padding: 0; list-style: none; }
nav [aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
nav div { display: flex; align-items: center; gap: 0.75rem; color: var(--soft); }
button { padding: 0.3rem 0.75rem; border: 1px solid var(--ink); border-radius: 0.25rem; background: var(--paper); color: var(--ink); font: inherit; cursor: pointer; }
h1, h2, p, dl, dd { margin: 0; }
main > p { margin-bottom: 0.75rem; }
h1 { font-size: 1.9rem; line-height: 1.15; letter-spacing: -0.01em; }
.kind, .total span, dt, caption { color: var(--soft); font-size: 0.78rem; letter-spacing: 0.06em; text-transform: uppercase; }
.total { text-align: right; }
.total strong { display: block; font-size: 1.9rem; line-height: 1.15; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem 2rem; margin-bottom: 2rem; }
dd { overflow-wrap: anywhere; }
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem 2rem; margin-bottom: 1.5rem; }
address { font-style: normal; }
.parties section { margin: 0; padding: 0; border: 0; }
.bill th:nth-child(2) { width: 42%; }
.bill td:nth-child(4) .tier { white-space: normal; }
small { display: block; color: var(--soft); font-size: 0.82rem; }
code { font: 0.92em ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding-bottom: 0.5rem; }
th { text-align: left; font-weight: 600; }
thead th { padding: 0.5rem 0.75rem; border-bottom: 1px solid var(--ink); font-size: 0.85rem; }
td { padding: 0.7rem 0.75rem; vertical-align: top; border-bottom: 1px solid var(--rule); }
tfoot th, tfoot td { padding: 0.9rem 0.75rem; border-top: 2px solid var(--ink); border-bottom: 0; font-size: 1.1rem; font-weight: 700; }
tfoot th { text-align: right; }
tfoot tr:not(:last-child) th, tfoot tr:not(:last-child) td { padding: 0.4rem 0.75rem; border-top: 0; font-size: 1rem; font-weight: 400; }
tfoot tr:first-child th, tfoot tr:first-child td { border-top: 2px solid var(--ink); padding-top: 0.9rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.position { width: 2.5rem; color: var(--soft); }
.item { font-weight: 600; }
.tier { display: block; }
a { color: var(--accent); }
.evidence a { white-space: nowrap; }
footer { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: 0.86rem; }
footer p { max-width: 48rem; margin-bottom: 0.75rem; }
h2 { margin-bottom: 0.5rem; color: var(--ink); font-size: 0.95rem; }
.sum { margin-bottom: 0.75rem; font-size: 1.1rem; font-variant-numeric: tabular-nums; }
h2 + p, h2 + p + p { margin-bottom: 1rem; }
section { margin: 1.5rem 0 2rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
section p { margin-bottom: 0.5rem; }
h3 { margin: 0 0 0.35rem; font-size: 1rem; }
.dimensions span { margin-right: 1rem; color: var(--soft); }
.dimensions b { color: var(--ink); font-weight: 500; }
section td, section th { padding: 0.3rem 0.75rem 0.3rem 0; font-size: 0.86rem; }
section thead th { padding: 0.3rem 0.75rem 0.3rem 0; }
.seals div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: 0.15rem 0; }
.seals dt { letter-spacing: 0; text-transform: none; font-size: inherit; }
@media (max-width: 40rem) {
  main { margin: 0; padding: 1.25rem; }
  header { flex-direction: column; align-items: flex-start; gap: 0.75rem; }
  .total { text-align: left; }
  .bill, .bill tbody, .bill tfoot, .bill caption { display: block; }
  .bill thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .bill tr { display: grid; grid-template-columns: 1fr auto; gap: 0.1rem 1rem; padding: 0.7rem 0; border-bottom: 1px solid var(--rule); }
  .bill td, .bill tfoot th, .bill tfoot td, .bill tfoot tr:first-child th, .bill tfoot tr:first-child td { padding: 0; border: 0; }
  .bill td:nth-child(2), .bill tbody td:last-child { grid-column: 1 / -1; }
  .bill td:nth-child(3) { text-align: left; }
  .bill td:last-child { font-weight: 600; }
  .bill .position { display: none; }
  .bill tfoot th { text-align: left; }
  .seals div { grid-template-columns: 1fr; gap: 0; }
  .list th, .list td { padding-inline: 0.3rem; }
  .list :is(th, td):is(:nth-child(4), :nth-child(6)) { display: none; }
}
@page { size: A4; margin: 16mm; }
@media print {
  body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  tr, footer p, .sum, .seals div { break-inside: avoid; }
  nav, .ask { display: none; }
  a { color: inherit; text-decoration: none; }
}
`,
};
