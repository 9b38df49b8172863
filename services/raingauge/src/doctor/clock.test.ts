import { expect, it } from "vitest";
import { clockFinding } from "./clock.ts";

it.each([
  ["between question and answer", 1_000_500, 0, "well"],
  ["cut down to its second", 999_400, 1_000, "well"],
  ["two seconds off at most", 1_003_000, 0, "well"],
  ["five seconds ahead", 1_006_000, 0, "wrong"],
  ["five seconds behind", 995_000, 0, "wrong"],
])("a clock that is %s", (_, theirs, grain, verdict) => {
  expect(clockFinding("keystone", theirs, 1_000_000, 1_001_000, grain).verdict).toBe(verdict);
});
