import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generated } from "./generated.ts";

const ROOT = join(import.meta.dirname, "../..");
const files = generated();

describe("what is generated", () => {
  it.each([...files.keys()])("%s is what the builders make (npm run generate -w dashboards)", (path) => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(files.get(path));
  });

  it("leaves no file behind that nothing makes any more", () => {
    const present = globSync(["dashboards/{grafana,alerts,provisioning}/**/*.{json,yml,yaml}", "docs/runbooks/*.md"], {
      cwd: ROOT,
    });

    expect(present.filter((path) => !files.has(path))).toEqual([]);
  });
});
