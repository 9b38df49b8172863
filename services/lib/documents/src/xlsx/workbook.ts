import { ExportRefused } from "../writer.ts";
import { type Packed, packing, zipped } from "./zip.ts";

/** What stands in a cell: text, or the decimal digits of a figure. */
export interface Cell {
  readonly text: string;
  readonly isFigure: boolean;
}

/** A workbook of one sheet, row by row, so that a long one is never held but in packed form. */
export interface Workbook {
  add(rows: readonly (readonly Cell[])[]): void;
  end(): Buffer;
}

export function workbook(sheet: string, columns: readonly string[]): Workbook {
  const packed = packing("xl/worksheets/sheet1.xml");
  let rows = 0;
  const write = (cells: readonly Cell[], style = ""): string => {
    rows += 1;
    if (rows > ROWS_MAX)
      throw new ExportRefused(`a sheet holds ${ROWS_MAX} rows, and there are more: take CSV, or project by project`);
    return `<row r="${rows}">${cells.map((cell, index) => written(cell, `${column(index)}${rows}`, style)).join("")}</row>`;
  };
  packed.add(
    `${XML}<worksheet xmlns="${MAIN}"><sheetData>${write(
      columns.map((text) => ({ text, isFigure: false })),
      ` s="1"`,
    )}`,
  );
  return {
    add: (more) => packed.add(more.map((cells) => write(cells)).join("")),
    end() {
      packed.add("</sheetData></worksheet>");
      return zipped([...around(sheet), packed.end()]);
    },
  };
}

/** As many as spreadsheet programs read. */
const ROWS_MAX = 1_048_576;

/** A figure keeps its own digits in the file: only who opens it makes a float of them. */
const written = ({ text, isFigure }: Cell, place: string, style: string): string => {
  if (text === "") return "";
  return isFigure
    ? `<c r="${place}"${style}><v>${text}</v></c>`
    : `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
};

function column(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${column(Math.floor(index / 26) - 1)}${letter}`;
}

/** What XML cannot hold is left out; `_x0041_` would be read as a letter, and so is spelt out. */
const escaped = (text: string): string =>
  UNCOMMON.test(text)
    ? text
        .replace(FORBIDDEN, "")
        .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
        .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    : text;

const UNCOMMON = /[^ -%'-;=?-^`-~]/;
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const XML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** What a program needs to find the sheet, and the two ways in which a cell looks. */
const around = (sheet: string): Packed[] =>
  Object.entries({
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${KIND}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`,
  }).map(([name, text]) => {
    const file = packing(name);
    file.add(XML + text);
    return file.end();
  });
