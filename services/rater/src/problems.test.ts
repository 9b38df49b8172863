import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PROBLEMS } from "./problems.ts";

const DOCUMENT = new URL("../../../docs/problems.md", import.meta.url);

const INTRODUCTION = `# What can go wrong, by its code

Every answer of the API that is not what was asked for is a body of type \`application/problem+json\` (RFC 9457). Its \`code\` is
stable: a program may decide by it. Where a request is not as the API describes it, \`errors\` names every place and what is
wrong there. What is not the caller's to see is \`NOT_FOUND\`, exactly as if it were not there.
`;

const ROWS = Object.entries(PROBLEMS).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`);

const TEXT = [INTRODUCTION, "| code | status | what it says |", "|---|---|---|", ...ROWS, ""].join("\n");

it("documents every problem as it is said (UPDATE=1 writes the document)", () => {
  if (process.env["UPDATE"] === "1") writeFileSync(DOCUMENT, TEXT);

  expect(readFileSync(DOCUMENT, "utf8")).toBe(TEXT);
});
