import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import type { IssuedInvoice } from "@raingauge/domain";
import { cii } from "../cii/cii.ts";
import { linesCsv } from "../csv/lines.ts";
import { eInvoiceOf } from "../en16931/of-issued.ts";
import { coreProblemsOf } from "../en16931/problems.ts";
import { localMoney } from "../language.ts";
import { type DraftInvoice, isIssued, type Sheet, type SheetLine, sheetOf } from "../sheet.ts";
import { drawable, spelt } from "./glyphs.ts";
import { declared } from "./metadata.ts";
import { COLUMNS, type Heights, INSET, type Row, rowHeights } from "./rows.ts";
import { TEMPLATE } from "./template.ts";

/** More lines than anybody reads on paper are told by service, and are attached one by one. */
const PRINTED_LINES_MAX = 200;

/** Prints documents as PDF/A-3a. It blocks while it does: some milliseconds for a page, some tens for many. */
export function printer(heights: typeof rowHeights = rowHeights): (document: IssuedInvoice | DraftInvoice) => Buffer {
  const faces = fonts();
  const compiler = NodeCompiler.create({ workspace: "/", fontArgs: [{ fontBlobs: [...faces] }] });
  const has = faces.map(drawable).reduce((a, b) => (codePoint) => a(codePoint) && b(codePoint));
  const high = heights(faces);
  let printed = 0;
  return (document) => {
    compiler.resetShadow();
    const attached = isIssued(document) ? attachments(document) : [];
    for (const { name, content } of attached) compiler.mapShadow(`/${name}`, Buffer.from(content, "utf8"));
    const sheet = sheetOf(document);
    const text = written(data(document, sheet, attached, { has, high }), has);
    compiler.mapShadow("/sheet.json", Buffer.from(text, "utf8"));
    compiler.mapShadow("/page.json", Buffer.from(written(pageOf(sheet, text), has), "utf8"));
    const compiled = compiler.compile({ mainFileContent: TEMPLATE, resetRead: true });
    if (compiled.result === null) {
      const said = JSON.stringify(compiled.takeError()?.shortDiagnostics ?? []);
      throw new Error(`the invoice's layout cannot be set: ${said}`);
    }
    const set = compiler.pdf(compiled.result, {
      pdfStandard: "a-3a",
      creationTimestamp: Math.floor(madeAt(document) / 1_000),
    });
    printed += 1;
    if (printed % PRINTS_CACHED === 0) compiler.evictCache(1);
    return declared(set, { hasInvoice: attached.some(({ name }) => name === E_INVOICE_NAME) });
  };
}

/**
 * After so many prints the compiler forgets what none of them asked for: its cache must not grow for ever, and to look through it
 * after each print takes a tenth of its time.
 */
const PRINTS_CACHED = 3;

/** The two that are embedded: of text, and of what stands out. */
export const fonts = (): readonly [Buffer, Buffer] => [fontAt(REGULAR), fontAt(SEMI_BOLD)];

const fontAt = (path: string): Buffer => readFileSync(fileURLToPath(import.meta.resolve(path)));

const REGULAR = "@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf";
const SEMI_BOLD = "@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf";

interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly relationship: "alternative" | "data";
  readonly description: string;
  readonly content: string;
}

/** The name by which programs know it. */
const E_INVOICE_NAME = "factur-x.xml";

/** The same bill for programs: the electronic invoice where it is a valid one, and always each line. */
function attachments(issued: IssuedInvoice): Attachment[] {
  const eInvoice = eInvoiceOf(issued);
  const lines: Attachment = {
    name: "lines.csv",
    type: "text/csv",
    relationship: "data",
    description: "Every line of this document",
    content: linesCsv([issued]),
  };
  if (coreProblemsOf(eInvoice).length > 0) return [lines];
  const description = "The same document under EN 16931, as a cross industry invoice";
  return [
    { name: E_INVOICE_NAME, type: "text/xml", relationship: "alternative", description, content: cii(eInvoice) },
    lines,
  ];
}

interface Fonts {
  readonly has: (codePoint: number) => boolean;
  readonly high: Heights;
}

const madeAt = (document: IssuedInvoice | DraftInvoice): number =>
  isIssued(document) ? document.issuedAt : document.asOf;

const written = (value: unknown, has: Fonts["has"]): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === "string" ? spelt(each, has) : each));

/** What each page is told of its document, and which of the fonts' features its text needs. */
const pageOf = ({ title, phrases }: Sheet, text: string) => ({
  title,
  called: phrases.page,
  of: phrases.of,
  features: COMBINING.test(text) ? FIGURES : { ...FIGURES, ...UNNEEDED },
});

/** Figures as wide as each other. */
const FIGURES = { tnum: 1 };

/** What puts marks above and below letters, and chooses letters by those beside them: a text without marks is set sooner without. */
const UNNEEDED = { calt: 0, ccmp: 0, clig: 0, locl: 0, mark: 0, mkmk: 0, rlig: 0 };

const COMBINING = /\p{M}/u;

function data(
  document: IssuedInvoice | DraftInvoice,
  sheet: Sheet,
  attached: readonly Attachment[],
  { has, high }: Fonts,
): object {
  const { invoice } = document;
  // What is told by service only is attached line by line, and to a draft nothing is.
  const isLong = isIssued(document) && sheet.lines.length > PRINTED_LINES_MAX;
  const { item, quantity, unitPrice, amount } = sheet.phrases;
  const heads = ["#", item, quantity, unitPrice, amount].map((text) => spelt(text, has));
  return {
    ...sheet,
    author: invoice.account.seller?.name ?? "Raingauge",
    date: dateParts(madeAt(document)),
    summary: isLong,
    columns: COLUMNS,
    inset: INSET,
    heads: { texts: heads, height: high.ofHeads(heads) },
    lines: (isLong ? byService(sheet, invoice.currency) : sheet.lines).map((line) => rowOf(line, { has, high })),
    attached: attached.map(({ content: _, ...rest }) => rest),
  };
}

/** What is printed of a line, with its row's height. */
function rowOf(line: SheetLine, { has, high }: Fonts): Row & { readonly height: number } {
  const { position, item, details, quantity, unit, prices, amount } = line;
  const row = {
    position,
    item: spelt(item, has),
    details: details.map((text) => spelt(text, has)),
    quantity,
    unit: spelt(unit, has),
    prices,
    amount,
  };
  return { ...row, height: high.ofRow(row) };
}

function dateParts(moment: number): number[] {
  const date = new Date(moment);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
}

const byService = ({ lines, phrases, language }: Sheet, currency: string): SheetLine[] =>
  [...Map.groupBy(lines, ({ sku, item }) => `${sku} ${item}`).values()].map((mine, index) => {
    const minor = mine.reduce((total, line) => total + line.minor, 0n);
    return {
      position: index + 1,
      item: mine[0]?.item ?? "",
      sku: mine[0]?.sku ?? "",
      details: [mine[0]?.sku ?? ""],
      quantity: String(mine.length),
      unit: phrases.count,
      prices: [],
      amount: localMoney(minor, currency, language),
      minor,
    };
  });
