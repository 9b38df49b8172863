import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { E_INVOICES, EXPORTS, printer, SKR03, whole } from "@raingauge/documents";
import { chargeback, creditNote, german, inCurrency, ofLines, reverseCharge } from "@raingauge/documents/fixtures";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "raingauge-documents-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Both read our UTF-8 by the locale, which a bare machine has none of. */
const UTF8 = { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } } as const;

const documents = [german(), creditNote(), { ...chargeback(), number: "RG-2026-000044" }];

describe.skipIf(!has("hledger"))("hledger (skipped where it is not installed)", () => {
  it("reads our bookings and finds them balanced", () => {
    const path = written("bookings.journal", whole(EXPORTS.hledger.begin(SKR03), documents));

    expect(execFileSync("hledger", ["-f", path, "check"], UTF8)).toBe("");
    expect(execFileSync("hledger", ["-f", path, "balance", "-N", "Assets:Receivable"], UTF8)).toContain("67.10 EUR");
  });
});

describe.skipIf(!has("bean-check"))("Beancount (skipped where it is not installed)", () => {
  it("reads our bookings and finds them balanced", () => {
    const path = written("bookings.beancount", whole(EXPORTS.beancount.begin(SKR03), documents));

    expect(execFileSync("bean-check", [path], UTF8)).toBe("");
  });
});

// By hand: `RAINGAUGE_PEERS=1 npx vitest run test/peers/documents.test.ts`. It fetches some 40 MB through Maven, and Java takes its time.
const isAsked = process.env["RAINGAUGE_PEERS"] !== undefined;
describe.skipIf(!isAsked)(
  `the official rules${isAsked ? "" : " (skipped: run by hand, with RAINGAUGE_PEERS=1)"}`,
  () => {
    const EN = "external/schematron";
    const RULES = {
      "EN 16931 in UBL": `${EN}/openpeppol/2026.5/xslt/CEN-EN16931-UBL.xslt`,
      "Peppol BIS Billing": `${EN}/openpeppol/2026.5/xslt/PEPPOL-EN16931-UBL.xslt`,
      "EN 16931 in CII": `${EN}/1.3.16/cii/EN16931-CII-validation.xslt`,
    } as const;
    const libraries = join(folder, "lib");
    const classes = (): string => `${libraries}/*`;

    beforeAll(() => {
      cpSync(join(import.meta.dirname, "official"), folder, { recursive: true });
      execFileSync("mvn", ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${libraries}`], {
        cwd: folder,
      });
      for (const jar of readdirSync(libraries).filter((name) => /^phive-rules-(en16931|peppol)-/.test(name)))
        execFileSync("unzip", ["-qo", join(libraries, jar), "external/schematron/*", "-d", folder]);
    }, 600_000);

    function broken(xml: string, rules: keyof typeof RULES): string[] {
      const args = ["-cp", classes(), "net.sf.saxon.Transform", `-s:${written("invoice.xml", xml)}`];
      const report = execFileSync("java", [...args, `-xsl:${join(folder, RULES[rules])}`], {
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      });
      expect(report).toContain("fired-rule");
      return [...report.matchAll(/failed-assert[^>]*? id="([^"]*)"/g)].map(([, id]) => id ?? "");
    }

    const cases = [
      ["a German invoice", german()],
      ["one under reverse charge", reverseCharge()],
      ["a credit note", creditNote()],
      ["one in yen", inCurrency("JPY")],
      ["one of 500 lines", ofLines(500)],
    ] as const;

    it.each(cases)(
      "find nothing in %s",
      (_name, issued) => {
        const xml = E_INVOICES.ubl.write([issued]);

        expect(broken(xml, "EN 16931 in UBL")).toEqual([]);
        expect(broken(xml, "Peppol BIS Billing")).toEqual([]);
        expect(broken(E_INVOICES.cii.write([issued]), "EN 16931 in CII")).toEqual([]);
      },
      300_000,
    );

    it("name what is broken as ours do", () => {
      const xml = E_INVOICES.ubl.write([german()]);

      expect(broken(xml.replace(/<cbc:BuyerReference>.*\n/, ""), "Peppol BIS Billing")).toContain(
        "PEPPOL-EN16931-R003",
      );
      expect(broken(xml.replace(">3.72<", ">3.92<"), "Peppol BIS Billing")).toContain("PEPPOL-EN16931-R120");
      expect(broken(xml.replace(">3.72<", ">3.92<"), "EN 16931 in UBL")).toContain("BR-CO-10");
    }, 300_000);

    it("find our PDF to be PDF/A-3a and PDF/UA-1", () => {
      const print = printer();
      const files = [...cases.map(([, issued]) => issued), chargeback()].map((issued, index) =>
        written(`${index}.pdf`, print(issued)),
      );

      const said = execFileSync("java", ["-cp", classes(), join(folder, "Pdf.java"), ...files], { encoding: "utf8" });

      expect(said.trim().split("\n")).toEqual(files.flatMap(() => ["3a compliant", "ua1 compliant"]));
    }, 300_000);
  },
);
