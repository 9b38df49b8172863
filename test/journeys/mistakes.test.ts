import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OVERLAPPING, typed } from "./command.ts";

const scratch = mkdtempSync(join(tmpdir(), "raingauge-mistakes-"));
const nowhere = { RAINGAUGE_DATA: join(scratch, "nothing-here") };
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** They start a process each and wait for nobody else. */
const PATIENCE = { timeout: 120_000 };

describe.concurrent("a command typed wrong", PATIENCE, () => {
  it.each([
    { line: "", says: /^Usage: raingauge / },
    { line: "frobnicate", says: /^error: unknown command 'frobnicate'/ },
    { line: "usage --perid 2026-03", says: /^error: unknown option '--perid'/ },
    { line: "why RG-000001", says: /^error: missing required argument 'line'/ },
    { line: "rejected replay", says: /^which one\?/ },
    { line: "usage", says: /^nothing runs from .*nothing-here: start it with "raingauge up"/ },
    { line: "usage --url http://127.0.0.1:9", says: /^no token/ },
    { line: "replay /no/such/file", says: /^no bus to play into: start "raingauge up"/ },
    { line: "replay /no/such/file --nats nats://127.0.0.1:9", says: /there is no \/no\/such/ },
    { line: "check-config --price-book /no/such/book", says: /there is no \/no\/such/ },
  ])("raingauge $line: is refused in words", async ({ line, says }) => {
    const { code, out, err } = await typed(words(line), nowhere);

    expect(code).not.toBe(0);
    expect(out + err).toMatch(says);
    expect(out + err).not.toContain("    at ");
  });

  it("asks the service that is not there, and names it", async () => {
    const { code, err } = await typed(["cost", "--url", "http://127.0.0.1:9"], { ...nowhere, RAINGAUGE_TOKEN: "x" });

    expect({ code, err }).toEqual({
      code: 1,
      err: 'nothing answers at http://127.0.0.1:9: start it with "raingauge up", or say where it is with --url or RAINGAUGE_URL\n',
    });
  });
});

it("asks for help with settings that nothing else would take", PATIENCE, async () => {
  const { code, out, err } = await typed(["up", "--help"], { RAINGAUGE_DATA: "somewhere" });

  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("RAINGAUGE_RABBIT_URL");
});

describe("check-config", PATIENCE, () => {
  const wrong = {
    RAINGAUGE_LISTEN_PORT: "99999",
    RAINGAUGE_GRACE_HOURS: "six",
    RAINGAUGE_NATS_URL: "http://127.0.0.1:4222",
    RAINGAUGE_DATA: "somewhere",
    RAINGAUGE_LISTN_HOST: "127.0.0.1",
  };

  it("says all that is wrong at once, settings and price book alike", async () => {
    const { code, out, err } = await typed(["check-config", "--price-book", OVERLAPPING, "--json"], wrong);

    const { problems } = JSON.parse(out) as { problems: string[] };
    expect({ code, err }).toEqual({ code: 2, err: "" });
    for (const name of Object.keys(wrong)) expect(problems.join("\n")).toContain(name);
    expect(problems.join("\n")).toMatch(/a-small.*b-active|b-active.*a-small/);
  });

  it("finds nothing wrong with no settings at all", async () => {
    expect(await typed(["check-config"])).toEqual({ code: 0, out: "nothing is wrong\n", err: "" });
  });

  it("is what `up` refuses by, with the same list", async () => {
    const { code, err } = await typed(["up"], { ...wrong, RAINGAUGE_PRICE_BOOK: OVERLAPPING });

    expect(code).toBe(2);
    expect(err).toMatch(/RAINGAUGE_PRICE_BOOK, line \d+: .*(a-small.*b-active|b-active.*a-small)/);
    for (const name of Object.keys(wrong)) expect(err).toContain(name);
  });
});

const words = (line: string): string[] => line.split(" ").filter((word) => word !== "");
