import type { Coverage, Sample } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { cloud, march, reading } from "./fixtures/cloud.ts";

const HOUR = 1 / 24;
const SWEEP = { source: "nova.sweep", agent: "central", confirms: { resourceTypes: ["instance"], limitSeconds: 900 } };

const coverage = (from: number, until: number, more: Partial<Coverage> = SWEEP): Coverage => ({
  ...{ region: "north", source: "listener", agent: "queue", period: { start: march(from), end: march(until) } },
  ...more,
});

const seen = (resource: string, day: number, more: Partial<Omit<Sample, "id">> = {}): Sample =>
  reading({ project: "acme", resource, at: march(day), dimensions: { flavor: "small", state: "active" }, ...more });

async function asked(samples: readonly Sample[], watched: readonly Coverage[]) {
  const made = await cloud();
  await made.say(samples, { coverage: watched });
  const { ask } = await api(made);
  return async (caller: "finance" | "reader") => (await ask(caller, "/v1/unreconciled?period=2026-03")).json().items;
}

describe("what is not reconciled", () => {
  it.each([
    ["an end that was told", [seen("vm", 2), seen("vm", 3, { stance: "ends" })], [coverage(1, 33)], []],
    ["what is still seen", [seen("vm", 2), seen("vm", 33)], [coverage(1, 33)], []],
    ["what a listener alone holds open", [seen("vm", 2)], [coverage(1, 33, {})], []],
    [
      "what has gone from a sweep without a word",
      [seen("vm", 2), seen("vm", 2 + HOUR, { stance: "vanishes" })],
      [coverage(1, 33)],
      [["gone", "2026-03-01T23:15:00Z"]],
    ],
    ["what nobody has looked for since", [seen("vm", 2)], [coverage(1, 2)], [["unwatched", "2026-03-01T23:15:00Z"]]],
  ] as const)("%s", async (_, samples, watched, expected) => {
    const items = await (await asked(samples, watched))("finance");

    expect(items.map(({ why, until }: { why: string; until: string }) => [why, until])).toEqual(expected);
  });

  it("is told to whoever's it is, and of nobody else's", async () => {
    const mine = seen("vm", 2);
    const theirs = seen("vm-2", 2, { project: "zebra" });
    const ask = await asked([mine, theirs], [coverage(1, 2)]);

    expect((await ask("finance")).map(({ resource }: { resource: string }) => resource)).toEqual(["vm", "vm-2"]);
    expect(await ask("reader")).toMatchObject([{ resource: "vm", type: "instance", project: "acme", region: "north" }]);
  });
});
