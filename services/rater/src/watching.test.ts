import type { Coverage } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { cloud, march } from "./fixtures/cloud.ts";

const heard = (agent: string, from: number, until: number, more: Partial<Coverage> = {}): Coverage => ({
  region: "north",
  source: "listener",
  agent,
  period: { start: march(from), end: march(until) },
  ...more,
});

async function watchedCloud() {
  const made = await cloud();
  const libvirt = { source: "libvirt", confirms: { resourceTypes: ["instance"], limitSeconds: 900 } };
  await made.say([], {
    coverage: [heard("a", 1, 10), heard("b", 8, 20), heard("a", 25, 40), heard("host-1", 1, 40, libvirt)],
  });
  return api(made);
}

const DAY = 86_400;

describe("completeness", () => {
  it("names where nobody watched, however many watched elsewhere", async () => {
    const { ask } = await watchedCloud();

    const { items } = (await ask("finance", "/v1/completeness?period=2026-03")).json();

    expect(items).toMatchObject([
      { region: "north", source: "libvirt", isComplete: true, gaps: [] },
      {
        source: "listener",
        isComplete: false,
        gaps: [{ start: "2026-03-19T23:00:00Z", end: "2026-03-24T23:00:00Z" }],
        seconds: 26 * DAY - 3_600,
      },
    ]);
  });

  it("is no business of a project's owner", async () => {
    const { ask } = await watchedCloud();

    expect((await ask("reader", "/v1/completeness")).statusCode).toBe(403);
  });
});

it("an agent that was retired is shown so, as long as it tells nothing more; and only by an admin, for when it was gone", async () => {
  const { ask } = await watchedCloud();
  const agent = { region: "north", source: "listener", agent: "b" };
  const retire = (role: "admin" | "finance", more: object) =>
    ask(role, "/v1/agents/retirements", { method: "POST", payload: { ...agent, note: "sold", ...more } });

  const early = await retire("admin", { at: "2026-03-10T00:00:00Z" });
  const done = await retire("admin", {});

  expect([early.statusCode, early.json().errors?.[0]?.where]).toEqual([400, "body.at"]);
  expect((await retire("finance", {})).statusCode).toBe(403);
  expect((await retire("admin", { agent: "nobody" })).statusCode).toBe(404);
  expect([done.statusCode, done.json()]).toMatchObject([201, { ...agent, at: "2026-03-19T23:00:00Z", note: "sold" }]);
  const { items } = (await ask("admin", "/v1/agents?period=2026-03")).json();
  expect(items.map((each: { retired?: { at: string } }) => each.retired?.at)).toEqual([
    undefined,
    undefined,
    "2026-03-19T23:00:00Z",
  ]);
  const { items: audited } = (await ask("admin", "/v1/audit?limit=1")).json();
  expect(audited).toMatchObject([{ path: "/v1/agents/retirements" }]);
});

it("agents are shown with how long they have been silent", async () => {
  const { ask } = await watchedCloud();

  const { items } = (await ask("admin", "/v1/agents?period=2026-03")).json();

  expect(items).toMatchObject([
    { source: "libvirt", agent: "host-1", confirms: ["instance"], silentSeconds: 0 },
    { source: "listener", agent: "a" },
    { source: "listener", agent: "b", until: "2026-03-19T23:00:00Z", silentSeconds: 13 * DAY + 7 * 3_600 },
  ]);
});
