import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { generated, RUNBOOKS } from "./generated.ts";

const { values } = parseArgs({
  options: {
    runbooks: { type: "string", default: RUNBOOKS },
    into: { type: "string", default: join(import.meta.dirname, "../..") },
  },
});

for (const [path, text] of generated(values.runbooks)) {
  const file = join(values.into, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
