import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chargeback, german, ofLines } from "../fixtures/accounts.ts";
import { textIn } from "../fixtures/read-back.ts";
import { press } from "./press.ts";
import { fonts, printer } from "./print.ts";
import { rowHeights } from "./rows.ts";

const print = printer();

/** The file with its compressed streams in plain, so that its objects can be read. */
function plain(pdf: Buffer): string {
  const text = pdf.toString("latin1");
  const streams = [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: mark }) => {
    try {
      return [inflateSync(pdf.subarray(index + mark.length), { finishFlush: 2 }).toString("latin1")];
    } catch {
      return [];
    }
  });
  return [text, ...streams].join("\n");
}

const pagesTold = (pdf: Buffer): readonly string[] =>
  [...textIn(pdf).matchAll(/Seite\s*(\d+)\s*von\s*(\d+)/g)].map(([, page, of]) => `Seite ${page} von ${of}`);

describe("a document as PDF/A-3a", () => {
  const text = plain(print(german()));

  it("says of itself that it is one, with the colours that it means", () => {
    expect(text).toMatch(/pdfaid:part>3</);
    expect(text).toMatch(/pdfaid:conformance>A</);
    expect(text).toContain("/OutputIntents");
  });

  it("is tagged, in its own language", () => {
    expect(text).toContain("/StructTreeRoot");
    expect(text).toMatch(/\/Lang \(de\)/);
    expect(text).toContain("/TH");
  });

  it("carries its fonts", () => {
    expect(text).toContain("SourceSans3-Regular");
    expect(text).toContain("/FontFile2");
  });

  it("carries the electronic invoice as another form of itself, and its lines as data", () => {
    expect(text).toContain("/AFRelationship /Alternative");
    expect(text).toContain("/AFRelationship /Data");
    expect(text).toContain("factur-x.xml");
    expect(text).toContain("lines.csv");
    expect(text).toContain("<ram:DuePayableAmount>82.11</ram:DuePayableAmount>");
  });

  it("says in its metadata that it carries a Factur-X invoice, and is as accessible as PDF/UA-1 asks for", () => {
    expect(text).toContain("<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>");
    expect(text).toContain("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>");
    expect(text).toContain("<pdfuaid:part>1</pdfuaid:part>");
    expect(text).toContain("/DisplayDocTitle true");
  });

  it("is found object by object where its table says", () => {
    for (const issued of [german(), chargeback(), ofLines(60)]) {
      const pdf = print(issued);
      const table = Number(/startxref\n(\d+)\n%%EOF/.exec(pdf.toString("latin1"))?.[1]);
      const [head = "", ...places] = pdf.toString("latin1", table).split("\n").slice(1);

      expect(pdf.toString("latin1", table, table + 4)).toBe("xref");
      for (let id = 1; id < Number(head.split(" ")[1]); id += 1) {
        const at = Number(places[id]?.slice(0, 10));
        expect(pdf.toString("latin1", at, at + 12)).toMatch(new RegExp(`^${id} 0 obj`));
      }
    }
  });

  it("can be read: its texts come back as they were meant", () => {
    const read = textIn(print(german()));

    for (const said of [
      "Rechnung RG-2026-000042",
      "Müller & Söhne <Kies> AG",
      "weitere ≈ 234,678901 zu 0,0333",
      "82,11\u00a0EUR",
    ])
      expect(read.replaceAll(" ", "\u00a0")).toContain(said.replaceAll(" ", "\u00a0"));
  });

  it("has its title and author as a draft too, to which nothing is attached", () => {
    const { invoice, pins, issuedAt } = german();
    const draft = plain(print({ invoice, pins, asOf: issuedAt, wouldHold: [] }));

    expect(draft).toContain('<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Rechnungsentwurf');
    expect(draft).toContain("<dc:creator><rdf:Seq><rdf:li>Regenwolke GmbH</rdf:li>");
    expect(draft).not.toContain("/AFRelationship");
  });

  it("carries no electronic invoice where it would be none", () => {
    const internal = plain(print(chargeback()));

    expect(internal).not.toContain("fx:DocumentFileName");
    expect(internal).not.toContain("factur-x.xml");
    expect(internal).toContain("lines.csv");
  });

  it("is the same to the byte each time, whatever was printed between", () => {
    const first = print(german());
    print(ofLines(30));

    expect(print(german()).equals(first)).toBe(true);
  });

  it("is the same to the byte whether rows are as high as was reckoned or are tried out", () => {
    const tried = printer(() => ({ ofRow: () => 0, ofHeads: () => 0 }));

    for (const issued of [german(), ofLines(30), chargeback()]) expect(tried(issued).equals(print(issued))).toBe(true);
  });

  it("leaves a row to the typesetter whose text may not fit on one line", () => {
    const { ofRow: heightOf } = rowHeights(fonts());
    const row = {
      position: 1,
      item: "vm",
      details: [],
      quantity: "1",
      unit: "hour",
      prices: ["1"],
      amount: "1.00 EUR",
    };

    expect(heightOf(row)).toBeGreaterThan(20);
    expect(heightOf({ ...row, item: "W".repeat(40) })).toBe(0);
    expect(heightOf({ ...row, details: ["i".repeat(300)] })).toBe(0);
    expect(heightOf({ ...row, unit: "" })).toBe(0);
    expect(heightOf({ ...row, amount: "日本" })).toBe(0);
  });

  it("says of each page which it is and how many there are, whatever wraps on them", () => {
    const long = ofLines(60);
    const lines = long.invoice.lines.map((line, index) =>
      index % 3 === 0 ? { ...line, description: `${"A service with a long name ".repeat(4)}${index}` } : line,
    );

    expect(pagesTold(print(german()))).toEqual(["Seite 1 von 1"]);
    expect(pagesTold(print(long))).toEqual(["Seite 1 von 3", "Seite 2 von 3", "Seite 3 von 3"]);
    expect(pagesTold(print({ ...long, invoice: { ...long.invoice, lines } }))).toEqual(
      [1, 2, 3, 4].map((page) => `Seite ${page} von 4`),
    );
  });

  it("tells more than 200 lines by service, and attaches them", () => {
    const long = print(ofLines(300));

    expect(plain(long)).toContain("vm-0300");
    expect(long.length).toBeLessThan(print(ofLines(100)).length);
  });

  it("prints names that its fonts cannot draw", () => {
    const issued = german();
    const lines = issued.invoice.lines.map((line) => ({ ...line, description: "日本 \u{1f327} #[x] \\ $" }));

    expect(print({ ...issued, invoice: { ...issued.invoice, lines } }).length).toBeGreaterThan(10_000);
  });

  it("comes from another thread as the same bytes, each of several at its asker", async () => {
    await using pressed = press();
    const asked = [german(), chargeback(), ofLines(3), german()];

    const printed = await Promise.all(asked.map((issued) => pressed.print(issued)));

    expect(printed.map((pdf, index) => pdf.equals(print(asked[index] ?? german())))).toEqual([true, true, true, true]);
  });
});
