import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { lived, march } from "./fixtures/cloud.ts";

describe("the API answers", () => {
  it("what is measured", async () => {
    const { ask } = await api();

    expect((await ask("reader", "/v1/meters")).json().items).toContainEqual(
      expect.objectContaining({ name: "instance", kind: "gauge", unit: "instance", existence: true }),
    );
  });

  it("in which unit a meter is shown, by what it is also called, and who says it", async () => {
    const { ask } = await api();

    expect((await ask("reader", "/v1/meters")).json().items).toContainEqual(
      expect.objectContaining({
        name: "backup.size",
        unit: "B",
        shown: { unit: "GiB", factor: "1073741824" },
        isPriceable: true,
        aliases: ["volume.backup.size"],
        sources: expect.arrayContaining([expect.objectContaining({ by: "notification" })]),
      }),
    );
  });

  it("the same by an old name of a meter as by its own", async () => {
    const { ask } = await api();
    const both = async (path: string) => {
      const [own, old] = ["network.outgoing.bytes", "network.outgoing.bytes.delta"];
      return [await ask("reader", `${path}&meter=${own}`), await ask("reader", `${path}&meter=${old}`)] as const;
    };

    for (const path of ["/v1/usage?period=2026-03", "/v1/samples?period=2026-03"]) {
      const [own, old] = await both(path);
      expect(own.json().items).not.toEqual([]);
      expect(old.json()).toEqual(own.json());
    }
  });

  it("how much was used, with the evidence for it", async () => {
    const { ask } = await api();

    const { items } = (await ask("reader", "/v1/usage?period=2026-03&meter=ip.floating")).json();

    expect(items).toEqual([
      {
        region: "north",
        project: "acme",
        meter: "ip.floating",
        resource: "ip-1",
        dimensions: {},
        period: { start: "2026-02-28T23:00:00Z", end: "2026-03-31T22:00:00Z" },
        quantity: "86400000",
        unit: "ip·ms",
        evidence: {
          readings: 2,
          seenSeconds: 0,
          inferredSeconds: 86_400,
          afterEnd: 0,
          counterDropped: 0,
          end: { at: "2026-03-02T23:00:00Z", kind: "final" },
        },
      },
    ]);
  });

  it("how much was used in any part of a month, added up by whatever is asked", async () => {
    const { ask } = await api();

    const { items } = (
      await ask(
        "admin",
        "/v1/usage?period=2026-03-01T00:00:00Z/2026-03-05T13:00:00Z&meter=instance&group=project,dimension.flavor",
      )
    ).json();

    expect(items.map(({ by, quantity, usages }: Record<string, unknown>) => ({ by, quantity, usages }))).toEqual([
      { by: { project: "acme", "dimension.flavor": "large" }, quantity: String(10 * 3_600_000), usages: 1 },
      { by: { project: "acme", "dimension.flavor": "small" }, quantity: String(109 * 3_600_000), usages: 1 },
    ]);
  });

  it("what a month costs so far, with what no price covers", async () => {
    const { ask, say } = await api();
    await say(lived("acme", "vm-x", march(1), march(2), { dimensions: { flavor: "huge", state: "active" } }));

    const { items } = (await ask("reader", "/v1/costs?period=2026-03")).json();

    expect(items).toMatchObject([
      { month: "2026-03", project: "acme", currency: "EUR", total: "6.72", unpriced: [{ resource: "vm-x" }] },
    ]);
  });

  it("what was read, what there is and what happened", async () => {
    const { ask, say } = await api();
    const event = {
      id: "e-1",
      type: "compute.instance.create.end",
      region: "north",
      source: "nova",
      at: march(1),
      project: "acme",
      resource: "vm-1",
      resourceType: "instance",
      attributes: { name: "web" },
    };
    await say([], { events: [event] });

    expect((await ask("reader", "/v1/samples?meter=instance&period=2026-03&resource=vm-1")).json().items).toMatchObject(
      [
        { at: "2026-02-28T23:00:00Z", value: "1", stance: "states" },
        { at: "2026-03-10T23:00:00Z", stance: "ends" },
      ],
    );
    expect((await ask("reader", "/v1/resources?period=2026-03&type=instance")).json().items).toContainEqual(
      expect.objectContaining({ id: "vm-1", attributes: expect.objectContaining({ name: "web" }) }),
    );
    expect((await ask("reader", "/v1/events?period=2026-03")).json().items).toMatchObject([
      { id: "e-1", at: "2026-02-28T23:00:00Z" },
    ]);
    expect((await ask("finance", "/v1/projects?period=2026-03")).json()).toEqual({
      items: [{ id: "acme" }, { id: "globex" }],
    });
  });
});
