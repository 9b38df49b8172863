import { expect, it } from "vitest";
import { withEverything } from "./fixtures/accounts.ts";
import { draftPage, invoicePage } from "./invoice-page.ts";
import { sheetOf } from "./sheet.ts";

const itemsIn = (locale: string): string[] =>
  sheetOf(withEverything(locale)).lines.map(({ item, unit }) => `${item} [${unit}]`.replaceAll("\u00a0", " "));

it.each([
  [
    "en",
    [
      "Floating IP address, as agreed [address hour]",
      "12.5 % off Floating IP address, as agreed [EUR]",
      "2.5 EUR off everything, for the account [EUR]",
      "Up to the minimum of 1,234.00 EUR [EUR]",
      "Support, 16 March 2026 – 31 March 2026 [3 months]",
      "Credit promotional: Hochwasser [EUR]",
    ],
  ],
  [
    "de",
    [
      "Floating IP address, wie vereinbart [address hour]",
      "12,5 % Nachlass auf Floating IP address, wie vereinbart [EUR]",
      "2,5 EUR Nachlass auf alles, für das ganze Konto [EUR]",
      "Bis zum Mindestbetrag von 1.234,00 EUR [EUR]",
      "Support, 16. März 2026 – 31. März 2026 [3 Monate]",
      "Aktionsguthaben promotional: Hochwasser [EUR]",
    ],
  ],
  [
    "es",
    [
      "Floating IP address, según lo acordado [address hour]",
      "12,5 % de descuento en Floating IP address, según lo acordado [EUR]",
      "2,5 EUR de descuento en todo, para toda la cuenta [EUR]",
      "Hasta el mínimo de 1234,00 EUR [EUR]",
      "Support, 16 de marzo de 2026 – 31 de marzo de 2026 [3 meses]",
      "Saldo promocional promotional: Hochwasser [EUR]",
    ],
  ],
  [
    "fr",
    [
      "Floating IP address, selon accord [address hour]",
      "12,5 % de remise sur Floating IP address, selon accord [EUR]",
      "2,5 EUR de remise sur l’ensemble, pour tout le compte [EUR]",
      "Complément jusqu’au minimum de 1\u202f234,00 EUR [EUR]",
      "Support, 16 mars 2026 – 31 mars 2026 [3 mois]",
      "Crédit promotionnel promotional: Hochwasser [EUR]",
    ],
  ],
])("tells in %s what the bill itself added, and leaves a price book's words as they are", (locale, items) => {
  expect(itemsIn(locale)).toEqual(expect.arrayContaining(items));
});

it.each([
  ["de", "readings that became known after issue", "Messungen, die nach der Rechnungsstellung bekannt wurden"],
  [
    "fr",
    "prices and terms of the account that became known after issue",
    "tarifs et conditions du compte connus après l’émission",
  ],
  ["es", "Billed to the wrong account", "Billed to the wrong account"],
  ["de", "rumours that became known after issue", "rumours that became known after issue"],
])("says in %s why a correction was written, but not another's words: %s", (locale, reason, told) => {
  const { invoice, ...issued } = withEverything(locale);
  const corrects = { number: "RG-1", hash: "", reason, entirely: false, after: "" };

  const page = invoicePage({ ...issued, invoice: { ...invoice, kind: "credit-note", corrects } });

  expect(page).toContain(`<dd>${told}</dd>`);
});

it.each([
  ["en", "As it is now it would be held back: no price for instance flavor=big (vm-1, vm-2 and 1,200 more)"],
  [
    "de",
    "Wie es jetzt steht, würde sie zurückgehalten: kein Preis für instance flavor=big (vm-1, vm-2 und 1.200 weitere)",
  ],
  ["es", "Tal como está, quedaría retenida: no hay precio para instance flavor=big (vm-1, vm-2 y 1200 más)"],
  ["fr", "En l’état, elle serait retenue: aucun prix pour instance flavor=big (vm-1, vm-2 et 1\u202f200 de plus)"],
])("tells in %s why a draft would be held", (locale, told) => {
  const { invoice, pins, issuedAt } = withEverything(locale);
  const figures = { meter: "instance", dimensions: { flavor: "big" }, count: 1_202, resources: ["vm-1", "vm-2"] };

  const page = draftPage({ invoice, pins, asOf: issuedAt, wouldHold: [{ code: "unpriced", figures }] });

  expect(page).toContain(told);
});
