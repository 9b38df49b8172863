// `npm run check`, and each of its parts by name. They go through the bootstrap so that they work, and say the same, from a
// bare clone under any Node.
import { join } from "node:path";
// @boundaries-ignore there are no packages to import by name until this has installed them
import { carryOn, orRefuse, prepare, ROOT } from "../services/raingauge/bootstrap.mjs";

const CHECKS = {
  lint: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
  types: ["typescript/bin/tsc", "--project", "tsconfig.json"],
  boundaries: ["turbo/bin/turbo", "boundaries"],
  unused: ["knip/bin/knip.js"],
};

const main = async ([name, ...args]) => {
  const node = prepare();
  process.env.TURBO_TELEMETRY_DISABLED = "1";
  process.chdir(ROOT);
  for (const check of name === undefined ? Object.keys(CHECKS) : [name]) {
    const [script, ...rest] = CHECKS[check];
    const code = await carryOn(node, [join(ROOT, "node_modules", script), ...rest, ...args]);
    console.error(`${check}: ${code === 0 ? "passed" : "failed"}`);
    if (code !== 0) process.exitCode = 1;
  }
};

await main(process.argv.slice(2)).catch(orRefuse);
