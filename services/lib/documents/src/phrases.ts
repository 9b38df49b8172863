import type { Invoice } from "@raingauge/domain";
import type { Language } from "./language.ts";

/** The words of a document. */
export interface Phrases {
  readonly kinds: Readonly<Record<Invoice["kind"], string>>;
  /** A document that is none yet. */
  readonly draft: string;
  readonly asOf: string;
  readonly forecast: string;
  readonly notOwed: string;
  readonly held: string;
  readonly workedOut: string;
  /** What becomes of a credit note's amount where the account has no terms of payment. */
  readonly credited: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly issued: string;
  readonly due: string;
  readonly period: string;
  readonly reference: string;
  readonly order: string;
  readonly costCentre: string;
  readonly corrects: string;
  readonly reason: string;
  readonly prices: string;
  readonly vatId: string;
  readonly taxNumber: string;
  readonly item: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly lines: string;
  readonly net: string;
  readonly tax: string;
  readonly untaxed: string;
  readonly on: string;
  readonly total: string;
  readonly project: string;
  readonly region: string;
  readonly per: string;
  readonly first: string;
  readonly next: string;
  readonly at: string;
  readonly free: string;
  readonly shared: string;
  /** The same where it is a part of what several regions used. */
  readonly together: string;
  readonly prepaid: string;
  readonly payable: string;
  readonly capped: string;
  readonly volume: string;
  readonly package: string;
  readonly flat: string;
  readonly seen: string;
  readonly inferred: string;
  readonly payTo: string;
  readonly check: string;
  readonly checked: string;
  readonly sequence: string;
  readonly hash: string;
  readonly before: string;
  readonly summary: string;
  readonly page: string;
  readonly of: string;
  readonly service: string;
  readonly readings: string;
  readonly why: string;
  readonly verify: string;
  readonly resources: string;
  readonly stored: string;
  readonly book: string;
  readonly utc: string;
  readonly count: string;
  readonly completeness: string;
  readonly charged: string;
  readonly unconfirmed: string;
  readonly expected: string;
  readonly agents: string;
  readonly silent: string;
}

const en: Phrases = {
  kinds: { invoice: "Invoice", "credit-note": "Credit note", "debit-note": "Debit note" },
  draft: "Draft invoice",
  asOf: "As of",
  forecast: "By the end of the period",
  notOwed: "This is what it comes to so far. It is no invoice: nothing of it is owed before one is issued.",
  held: "As it is now it would be held back",
  workedOut: "How it is worked out",
  credited: "Credited against",
  account: "Account",
  from: "Seller",
  to: "Buyer",
  issued: "Issued",
  due: "Due",
  period: "Period",
  reference: "Your reference",
  order: "Purchase order",
  costCentre: "Cost centre",
  corrects: "Corrects",
  reason: "Reason",
  prices: "Prices",
  vatId: "VAT ID",
  taxNumber: "Tax number",
  item: "Item",
  quantity: "Quantity",
  unitPrice: "Unit price",
  amount: "Amount",
  lines: "What was used, what a unit costs, and what it comes to",
  net: "Net",
  tax: "VAT",
  untaxed: "No VAT",
  on: "on",
  total: "Total",
  project: "Project",
  region: "Region",
  per: "per",
  first: "first",
  next: "next",
  at: "at",
  free: "free under the allowance",
  shared: "of what the account used together",
  together: "of what was used together",
  prepaid: "Paid from prepaid credit",
  payable: "To be paid",
  capped: "Monthly cap: not charged",
  volume: "the whole quantity at the price of the tier that it reaches",
  package: "each started one counts as whole",
  flat: "for the time that it was there, whatever its size",
  seen: "seen",
  inferred: "inferred",
  payTo: "Pay to",
  check: "How this document can be checked",
  checked:
    "Only time that was observed, or that is proven by what came before and after it, is charged. What arrived later is not on this document and would be settled by one of its own.",
  sequence:
    "Every amount is worked out in one order: what was used, less the free allowance, in whole packages where it is sold so, at the price of its tier, at least the least charge, at most the cap; each line rounded once; then discounts, those of single prices first; then what is missing to the minimum; then fees; then promotional credit; then tax, once for each rate; then prepaid credit, which pays and changes no total. The total is the sum of the lines.",
  hash: "This document",
  before: "The one before it",
  summary: "Summary by service; every line is in the attached lines.csv.",
  page: "Page",
  of: "of",
  service: "Service",
  readings: "readings",
  why: "why this amount?",
  verify: "Check this document: compute it again from the usage frozen with it, and from the readings themselves",
  resources: "resources",
  stored: "Readings stored by",
  book: "Price book",
  utc: "Period in UTC",
  count: "Lines",
  completeness: "How completely it was watched",
  charged: "Time charged",
  unconfirmed: "of them without a confirmed end",
  expected: "of the time that should have been watched",
  agents: "agents",
  silent: "fallen silent",
};

const de: Phrases = {
  kinds: { invoice: "Rechnung", "credit-note": "Gutschrift", "debit-note": "Nachberechnung" },
  draft: "Rechnungsentwurf",
  asOf: "Stand",
  forecast: "Bis zum Ende des Zeitraums",
  notOwed:
    "So viel ergibt sich bisher. Dies ist keine Rechnung: geschuldet ist davon nichts, bevor eine gestellt wird.",
  held: "Wie es jetzt steht, würde sie zurückgehalten",
  workedOut: "Wie gerechnet wird",
  credited: "Wird verrechnet mit",
  account: "Konto",
  from: "Verkäufer",
  to: "Käufer",
  issued: "Rechnungsdatum",
  due: "Fällig",
  period: "Zeitraum",
  reference: "Ihr Zeichen",
  order: "Bestellung",
  costCentre: "Kostenstelle",
  corrects: "Berichtigt",
  reason: "Grund",
  prices: "Preise",
  vatId: "USt-IdNr.",
  taxNumber: "Steuernummer",
  item: "Leistung",
  quantity: "Menge",
  unitPrice: "Einzelpreis",
  amount: "Betrag",
  lines: "Was genutzt wurde, was eine Einheit kostet und was es ergibt",
  net: "Netto",
  tax: "USt.",
  untaxed: "Keine USt.",
  on: "auf",
  total: "Gesamtbetrag",
  project: "Projekt",
  region: "Region",
  per: "je",
  first: "erste",
  next: "weitere",
  at: "zu",
  free: "frei im Rahmen der Freimenge",
  shared: "der gemeinsamen Nutzung des Kontos",
  together: "der gemeinsamen Nutzung",
  prepaid: "Aus Guthaben bezahlt",
  payable: "Zu zahlen",
  capped: "Monatliche Höchstgrenze: nicht berechnet",
  volume: "die ganze Menge zum Preis der erreichten Stufe",
  package: "jede angefangene zählt ganz",
  flat: "für die Zeit des Bestehens, unabhängig von der Größe",
  seen: "beobachtet",
  inferred: "erschlossen",
  payTo: "Zahlbar an",
  check: "Wie dieser Beleg geprüft werden kann",
  checked:
    "Berechnet wird nur Zeit, die beobachtet wurde oder durch das Davor und Danach bewiesen ist. Was später eintraf, steht nicht auf diesem Beleg und würde durch einen eigenen ausgeglichen.",
  sequence:
    "Jeder Betrag entsteht in einer festen Reihenfolge: Nutzung, abzüglich Freimenge, in ganzen Paketen, wo so verkauft wird, zum Preis der Stufe, mindestens der kleinste Betrag, höchstens die Höchstgrenze; jede Zeile einmal gerundet; dann Rabatte, zuerst die einzelner Preise; dann was zum Mindestbetrag fehlt; dann Gebühren; dann Aktionsguthaben; dann die Steuer, einmal je Satz; dann bezahltes Guthaben, das zahlt und keine Summe ändert. Die Summe ist die Summe der Zeilen.",
  hash: "Dieser Beleg",
  before: "Der vorige",
  summary: "Zusammenfassung nach Leistungen; jede Zeile steht in der angehängten lines.csv.",
  page: "Seite",
  of: "von",
  service: "Leistung",
  readings: "Messungen",
  why: "warum dieser Betrag?",
  verify: "Diesen Beleg prüfen: aus der mit ihm eingefrorenen Nutzung und aus den Messungen selbst neu berechnen",
  resources: "Ressourcen",
  stored: "Messungen gespeichert bis",
  book: "Preisliste",
  utc: "Zeitraum in UTC",
  count: "Zeilen",
  completeness: "Wie vollständig beobachtet wurde",
  charged: "Berechnete Zeit",
  unconfirmed: "davon ohne bestätigtes Ende",
  expected: "der zu beobachtenden Zeit",
  agents: "Agenten",
  silent: "verstummt",
};

const es: Phrases = {
  kinds: {
    invoice: "Factura",
    "credit-note": "Factura rectificativa (abono)",
    "debit-note": "Factura rectificativa (cargo)",
  },
  draft: "Borrador de factura",
  asOf: "Estado a",
  forecast: "Al final del período",
  notOwed: "Esto es lo que suma hasta ahora. No es una factura: nada se debe antes de que se emita una.",
  held: "Tal como está, quedaría retenida",
  workedOut: "Cómo se calcula",
  credited: "Se compensa con",
  account: "Cuenta",
  from: "Vendedor",
  to: "Comprador",
  issued: "Fecha de emisión",
  due: "Vencimiento",
  period: "Período",
  reference: "Su referencia",
  order: "Pedido",
  costCentre: "Centro de coste",
  corrects: "Rectifica",
  reason: "Motivo",
  prices: "Precios",
  vatId: "NIF-IVA",
  taxNumber: "Número fiscal",
  item: "Concepto",
  quantity: "Cantidad",
  unitPrice: "Precio unitario",
  amount: "Importe",
  lines: "Lo que se usó, lo que cuesta una unidad y lo que suma",
  net: "Base imponible",
  tax: "IVA",
  untaxed: "Sin IVA",
  on: "sobre",
  total: "Total",
  project: "Proyecto",
  region: "Región",
  per: "por",
  first: "primeros",
  next: "siguientes",
  at: "a",
  free: "gratis dentro de la franquicia",
  shared: "del uso conjunto de la cuenta",
  together: "del uso conjunto",
  prepaid: "Pagado con saldo prepagado",
  payable: "A pagar",
  capped: "Tope mensual: no se cobra",
  volume: "toda la cantidad al precio del tramo alcanzado",
  package: "cada uno empezado cuenta entero",
  flat: "por el tiempo de existencia, sea cual sea el tamaño",
  seen: "observado",
  inferred: "deducido",
  payTo: "Pagar a",
  check: "Cómo se puede comprobar este documento",
  checked:
    "Solo se cobra el tiempo observado, o demostrado por lo anterior y lo posterior. Lo que llegó después no figura en este documento y se regularizaría en otro propio.",
  sequence:
    "Cada importe se calcula en un orden fijo: lo usado, menos la franquicia, en paquetes enteros donde así se vende, al precio de su tramo, como mínimo el cargo mínimo, como máximo el tope; cada línea redondeada una vez; luego los descuentos, primero los de cada precio; luego lo que falta hasta el mínimo; luego las cuotas; luego el saldo promocional; luego el impuesto, una vez por tipo; luego el saldo prepagado, que paga y no cambia ningún total. El total es la suma de las líneas.",
  hash: "Este documento",
  before: "El anterior",
  summary: "Resumen por servicio; cada línea está en el archivo adjunto lines.csv.",
  page: "Página",
  of: "de",
  service: "Servicio",
  readings: "lecturas",
  why: "¿por qué este importe?",
  verify: "Comprobar este documento: calcularlo de nuevo a partir del uso conservado con él y de las propias lecturas",
  resources: "recursos",
  stored: "Lecturas guardadas hasta",
  book: "Lista de precios",
  utc: "Período en UTC",
  count: "Líneas",
  completeness: "Con qué integridad se observó",
  charged: "Tiempo facturado",
  unconfirmed: "de ellos sin fin confirmado",
  expected: "del tiempo que debía observarse",
  agents: "agentes",
  silent: "enmudecidos",
};

const fr: Phrases = {
  kinds: { invoice: "Facture", "credit-note": "Avoir", "debit-note": "Facture complémentaire" },
  draft: "Projet de facture",
  asOf: "Situation au",
  forecast: "D’ici la fin de la période",
  notOwed: "Voici le montant à ce jour. Ceci n’est pas une facture : rien n’est dû avant qu’elle soit émise.",
  held: "En l’état, elle serait retenue",
  workedOut: "Comment c’est calculé",
  credited: "Imputé sur",
  account: "Compte",
  from: "Vendeur",
  to: "Acheteur",
  issued: "Date d’émission",
  due: "Échéance",
  period: "Période",
  reference: "Votre référence",
  order: "Bon de commande",
  costCentre: "Centre de coûts",
  corrects: "Corrige",
  reason: "Motif",
  prices: "Tarifs",
  vatId: "N° TVA",
  taxNumber: "Numéro fiscal",
  item: "Prestation",
  quantity: "Quantité",
  unitPrice: "Prix unitaire",
  amount: "Montant",
  lines: "Ce qui a été utilisé, ce que coûte une unité et ce que cela donne",
  net: "Total HT",
  tax: "TVA",
  untaxed: "Sans TVA",
  on: "sur",
  total: "Total TTC",
  project: "Projet",
  region: "Région",
  per: "par",
  first: "premiers",
  next: "suivants",
  at: "à",
  free: "gratuits dans la franchise",
  shared: "de l’usage commun du compte",
  together: "de l’usage commun",
  prepaid: "Réglé par crédit prépayé",
  payable: "À payer",
  capped: "Plafond mensuel : non facturé",
  volume: "toute la quantité au prix de la tranche atteinte",
  package: "chaque unité entamée compte entière",
  flat: "pour la durée d’existence, quelle que soit la taille",
  seen: "observé",
  inferred: "déduit",
  payTo: "À payer à",
  check: "Comment vérifier ce document",
  checked:
    "Seul est facturé le temps observé, ou prouvé par ce qui précède et ce qui suit. Ce qui est arrivé plus tard ne figure pas sur ce document et serait réglé par un document à part.",
  sequence:
    "Chaque montant se calcule dans un ordre fixe : l’usage, moins la franchise, en paquets entiers là où l’on vend ainsi, au prix de sa tranche, au moins la charge minimale, au plus le plafond ; chaque ligne arrondie une fois ; puis les remises, d’abord celles de chaque prix ; puis ce qui manque au minimum ; puis les abonnements ; puis le crédit promotionnel ; puis la taxe, une fois par taux ; puis le crédit prépayé, qui paie et ne change aucun total. Le total est la somme des lignes.",
  hash: "Ce document",
  before: "Le précédent",
  summary: "Récapitulatif par service ; chaque ligne figure dans le fichier joint lines.csv.",
  page: "Page",
  of: "sur",
  service: "Service",
  readings: "relevés",
  why: "pourquoi ce montant ?",
  verify: "Vérifier ce document : le recalculer à partir de l’usage figé avec lui et des relevés eux-mêmes",
  resources: "ressources",
  stored: "Relevés enregistrés jusqu’au",
  book: "Grille tarifaire",
  utc: "Période en UTC",
  count: "Lignes",
  completeness: "Dans quelle mesure l’observation est complète",
  charged: "Temps facturé",
  unconfirmed: "dont la fin n’est pas confirmée",
  expected: "du temps à observer",
  agents: "agents",
  silent: "devenus muets",
};

export const PHRASES: Readonly<Record<Language, Phrases>> = { en, de, es, fr };
