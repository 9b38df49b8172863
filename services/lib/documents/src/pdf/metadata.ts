/**
 * Says in a PDF what its typesetter cannot: that it carries a Factur-X invoice, by which programs find that without opening it,
 * and that it is as accessible as PDF/UA-1 asks for, its title shown instead of its file's name. What lies behind a place that
 * grew moves, and so do the places in the table that lead there.
 */
export function declared(pdf: Buffer, { hasInvoice }: { readonly hasInvoice: boolean }): Buffer {
  return amended(pdf, [
    ...metadata(pdf, hasInvoice ? [ACCESSIBLE, FACTUR_X] : [ACCESSIBLE]),
    { at: placeOf(pdf, "/Direction /L2R", "/Type /Catalog"), instead: 0, text: "/DisplayDocTitle true " },
  ]);
}

/** Some bytes of a file that give way to a text. */
interface Change {
  readonly at: number;
  readonly instead: number;
  readonly text: string;
}

function metadata(pdf: Buffer, schemas: readonly Schema[]): Change[] {
  const start = placeOf(pdf, "/Type /Metadata");
  const head = pdf.lastIndexOf("/Length ", start, "latin1") + "/Length ".length;
  const opened = placeOf(pdf, "stream\n", "/Type /Metadata") + "stream\n".length;
  const digits = /^\d+/.exec(pdf.toString("latin1", head, start))?.[0] ?? "";
  const said = withMore(pdf.toString("utf8", opened, opened + Number(digits)), schemas);
  return [
    { at: head, instead: digits.length, text: String(Buffer.byteLength(said)) },
    { at: opened, instead: Number(digits), text: said },
  ];
}

/** Where the last of a file's texts is that follows another. A typesetter that writes otherwise has to be looked at first. */
function placeOf(pdf: Buffer, text: string, behind = text): number {
  const at = pdf.indexOf(text, pdf.lastIndexOf(behind, undefined, "latin1"), "latin1");
  if (at < 0) throw new RangeError(`a PDF without ${text.trim()} where it is expected`);
  return at;
}

function amended(pdf: Buffer, unsorted: readonly Change[]): Buffer {
  const changes = unsorted.toSorted((a, b) => a.at - b.at);
  const marker = pdf.lastIndexOf("startxref\n", undefined, "latin1") + "startxref\n".length;
  const table = Number.parseInt(pdf.toString("latin1", marker, marker + 12), 10);
  const parts: Buffer[] = [];
  const shifts: Shift[] = [];
  let done = 0;
  let by = 0;
  for (const { at, instead, text } of changes) {
    const written = Buffer.from(text, "utf8");
    parts.push(pdf.subarray(done, at), written);
    done = at + instead;
    by += written.length - instead;
    shifts.push({ behind: at, by });
  }
  const moved = (place: number): number => place + (shifts.findLast(({ behind }) => behind < place)?.by ?? 0);
  const tail = pdf
    .toString("latin1", table)
    // A line of the table is twenty bytes, and begins with the place of an object.
    .replace(/^\d{10}(?= \d{5} n)/gm, (place) => String(moved(Number(place))).padStart(10, "0"))
    .replace(/startxref\n\d+/, `startxref\n${moved(table)}`);
  return Buffer.concat([...parts, pdf.subarray(done, table), Buffer.from(tail, "latin1")]);
}

/** By how many bytes whatever lies behind a place has moved. */
interface Shift {
  readonly behind: number;
  readonly by: number;
}

/** A schema of metadata, what a file says under it, and the description of it that PDF/A asks for. */
interface Schema {
  readonly called: string;
  readonly prefix: string;
  readonly uri: string;
  readonly says: Readonly<Record<string, string>>;
  readonly valueType: "Text" | "Integer";
  readonly describes: Readonly<Record<string, string>>;
}

const ACCESSIBLE: Schema = {
  called: "PDF/UA identification schema",
  prefix: "pdfuaid",
  uri: "http://www.aiim.org/pdfua/ns/id/",
  says: { part: "1" },
  valueType: "Integer",
  describes: { part: "The part of ISO 14289 that the document conforms to" },
};

const FACTUR_X: Schema = {
  called: "Factur-X PDFA Extension Schema",
  prefix: "fx",
  uri: "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
  says: { DocumentType: "INVOICE", DocumentFileName: "factur-x.xml", Version: "1.0", ConformanceLevel: "EN 16931" },
  valueType: "Text",
  describes: {
    DocumentFileName: "The name of the attached invoice",
    DocumentType: "What is attached: an invoice, or a credit note",
    Version: "The version of the invoice's format",
    ConformanceLevel: "The profile of the invoice",
  },
};

function withMore(xmp: string, schemas: readonly Schema[]): string {
  const bag = xmp.lastIndexOf("</rdf:Bag></pdfaExtension:schemas>");
  const end = xmp.lastIndexOf("</rdf:RDF>");
  if (bag < 0 || end < bag) throw new RangeError("metadata without the schemas that it uses");
  return [
    xmp.slice(0, bag),
    ...schemas.map(description),
    xmp.slice(bag, end),
    ...schemas.map(statement),
    xmp.slice(end),
  ].join("");
}

const statement = ({ prefix, uri, says }: Schema): string =>
  `<rdf:Description rdf:about="" xmlns:${prefix}="${uri}">${Object.entries(says)
    .map(([name, value]) => `<${prefix}:${name}>${value}</${prefix}:${name}>`)
    .join("")}</rdf:Description>`;

const description = ({ called, prefix, uri, valueType, describes }: Schema): string =>
  `<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>${called}</pdfaSchema:schema><pdfaSchema:namespaceURI>${uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>${prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>${Object.entries(
    describes,
  )
    .map(
      ([name, text]) =>
        `<rdf:li rdf:parseType="Resource"><pdfaProperty:category>${valueType === "Text" ? "external" : "internal"}</pdfaProperty:category><pdfaProperty:description>${text}</pdfaProperty:description><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>${valueType}</pdfaProperty:valueType></rdf:li>`,
    )
    .join("")}</rdf:Seq></pdfaSchema:property></rdf:li>`;
