import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { cloud, lived, march, reading } from "./fixtures/cloud.ts";

async function resized() {
  const made = await cloud();
  await made.say([
    ...lived("acme", "vm-1", march(2), march(11)),
    reading({ project: "acme", resource: "vm-1", at: march(5), dimensions: { flavor: "large", state: "active" } }),
    reading({ project: "acme", resource: "vm-1", at: march(6), dimensions: { flavor: "large", state: "active" } }),
    ...lived("globex", "vm-2", march(2), march(11)),
  ]);
  return api(made);
}

describe("the history of a resource", () => {
  it("says when it was created, when it ended, and each change of what it is", async () => {
    const { ask } = await resized();

    const told = (await ask("reader", "/v1/resources/north/vm-1/history?period=2026-03")).json();

    expect(told).toMatchObject({
      resource: { id: "vm-1", project: "acme" },
      created: "2026-03-01T23:00:00Z",
      ended: "2026-03-10T23:00:00Z",
    });
    expect(told.changes.map(({ at, attributes }: Record<string, unknown>) => [at, attributes])).toEqual([
      ["2026-03-01T23:00:00Z", { flavor: "small", state: "active" }],
      ["2026-03-04T23:00:00Z", { flavor: "large" }],
    ]);
  });

  it.each(["/v1/resources/north/vm-2/history", "/v1/resources/south/vm-1/history", "/v1/resources/north/vm-9/history"])(
    "at %s is not there for a reader whose it is not",
    async (path) => {
      const { ask } = await resized();

      expect((await ask("reader", `${path}?period=2026-03`)).json().code).toBe("NOT_FOUND");
    },
  );
});

it.each([
  ["vm-", ["vm-1"]],
  ["VM-1", ["vm-1"]],
  ["vm-2", []],
])("a reader who searches %s finds %j", async (search, ids) => {
  const { ask } = await resized();

  const { items } = (await ask("reader", `/v1/resources?period=2026-03&search=${search}`)).json();

  expect(items.map(({ id }: { id: string }) => id)).toEqual(ids);
});
