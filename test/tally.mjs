import { writeFileSync } from "node:fs";

/** A vitest reporter that counts for `npm test`. What fails outside a test (an import, a hook, a stray rejection) counts as failed. */
export default class Tally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) count(module, tally);
    writeFileSync(process.env.RAINGAUGE_TALLY, JSON.stringify(tally));
  }
}

const count = (module, tally) => {
  for (const test of module.children.allTests()) tally[kind(test.result().state)] += 1;
  for (const suite of [module, ...module.children.allSuites()]) if (suite.errors().length > 0) tally.failed += 1;
};

/** What is still pending at the end was cut short, and has not passed. */
const kind = (state) => (state === "pending" ? "failed" : state);
