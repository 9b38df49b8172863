import fc from "fast-check";
import { runs, seedOfRun } from "./generators/hunt.ts";

/** What every property begins with: fast-check's own number of runs, and the seed of this run. */
fc.configureGlobal({ numRuns: runs(100), seed: seedOfRun() });
