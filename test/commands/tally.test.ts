import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

// Inside the project, so that the files in it find vitest.
mkdirSync(join(ROOT, ".raingauge"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".raingauge/tally-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = {
  "tests.test.js": `
    it("passes", () => {});
    it("fails", () => expect(1).toBe(2));
    it.skip("is skipped", () => {});
    it.todo("is still to do");
  `,
  "hook.test.js": `
    describe("a suite whose hook fails", () => {
      beforeAll(() => { throw new Error("no server"); });
      it("cannot run", () => {});
    });
  `,
  "import.test.js": `
    import "./nowhere.js";
    it("is never seen", () => {});
  `,
  "stray.test.js": `
    it("passes, and leaves a rejection behind", () => void Promise.reject(new Error("nobody listens")));
  `,
};

describe("the count of npm test", () => {
  it("counts as failed whatever has not passed and was not skipped", async () => {
    for (const [name, code] of Object.entries(FILES)) {
      writeFileSync(join(folder, name), `import { beforeAll, describe, expect, it } from "vitest";\n${code}`);
    }

    const vitest = spawn(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...OPTIONS], {
      env: { ...process.env, RAINGAUGE_TALLY: join(folder, "tally.json") },
      stdio: "ignore",
    });
    await once(vitest, "exit");

    // failed: the test, the hook, the import, the rejection; skipped: the two that say so, and the one behind the hook
    expect(JSON.parse(readFileSync(join(folder, "tally.json"), "utf8"))).toEqual({ passed: 2, failed: 4, skipped: 3 });
  });
});

const OPTIONS = [`--root=${folder}`, `--reporter=${join(ROOT, "test/tally.mjs")}`];
