import { expect, it, vi } from "vitest";
import { german } from "../fixtures/accounts.ts";
import { linesXlsx } from "./lines.ts";

it("is the same workbook to the byte on another day", async () => {
  const first = await linesXlsx([german()]);
  vi.useFakeTimers({ now: new Date("2031-05-05T05:05:05Z"), toFake: ["Date"] });

  try {
    expect((await linesXlsx([german()])).equals(first)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
