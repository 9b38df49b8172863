import { afterAll, describe, expect, it } from "vitest";
import { creditNote, german, ofLines } from "../fixtures/accounts.ts";
import { EXPORTS, exportOf, type Wanted } from "../formats.ts";
import { SKR03 } from "../journal/chart.ts";
import { whole } from "../writer.ts";
import { clerk } from "./clerk.ts";

const DOCUMENTS = [german(), creditNote(), ofLines(30)];

async function* oneByOne() {
  for (const each of DOCUMENTS) yield [each];
}

const FILES: readonly Wanted[] = [
  ...(Object.keys(EXPORTS) as (keyof typeof EXPORTS)[]).map((kind) => ({ kind })),
  ...(["cost-and-usage", "invoice-detail", "billing-period"] as const).flatMap((dataset) =>
    (["csv", "json", "parquet"] as const).map(
      (encoding) => ({ kind: "focus", dataset, encoding, version: "1.4" }) as const,
    ),
  ),
];

describe("a file that is written in another thread, a few documents at a time", () => {
  const writing = clerk(SKR03);
  afterAll(() => writing[Symbol.asyncDispose]());

  const written = async (wanted: Wanted, documents: Parameters<typeof writing.write>[1]): Promise<Buffer> =>
    Buffer.concat(await Array.fromAsync(writing.write(wanted, documents)));

  it.each(FILES)(
    "is the same to the byte as if it had been written at once: $kind $dataset $encoding",
    async (wanted) => {
      const once = whole(exportOf(wanted).begin(SKR03), DOCUMENTS);

      expect((await written(wanted, oneByOne())).equals(once)).toBe(true);
    },
  );

  it.each(FILES)("is there also where there is no document: $kind $dataset $encoding", async (wanted) => {
    const once = whole(exportOf(wanted).begin(SKR03), []);

    expect((await written(wanted, (async function* () {})())).equals(once)).toBe(true);
  });

  it("is told as far as it is known, before the next documents are asked for", async () => {
    let asked = 0;
    const counted = async function* () {
      for await (const some of oneByOne()) {
        asked += 1;
        yield some;
      }
    };
    const pieces = writing.write({ kind: "lines" }, counted())[Symbol.asyncIterator]();

    const { value } = await pieces.next();

    expect(String(value)).toContain("RG-2026-000042");
    expect(asked).toBe(1);
    await pieces.return?.();
    expect(asked).toBe(1);
  });

  it("says why it cannot be, and others go on", async () => {
    const [march = german()] = DOCUMENTS;
    const years = async function* () {
      yield [march, { ...march, issueDate: "2025-12-31" }];
    };

    const [refused, other] = await Promise.allSettled([
      written({ kind: "datev" }, years()),
      written({ kind: "lines" }, oneByOne()),
    ]);

    expect(refused).toMatchObject({ status: "rejected", reason: { name: "ExportRefused" } });
    expect(other.status).toBe("fulfilled");
  });
});
