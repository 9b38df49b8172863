import { describe, expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";

describe("rejected messages", () => {
  const message = {
    id: "m-1",
    kind: "samples",
    region: "north",
    service: "nova",
    project: "globex",
    body: new TextEncoder().encode("{broken"),
  } as const;

  async function withReject(): Promise<Api> {
    const made = await api();
    await made.bus.publish(message);
    const stop = new AbortController();
    await made.bus.consume(
      async (deliveries) => {
        stop.abort();
        return deliveries.map(() => ({ reject: "not JSON" }));
      },
      { consumer: "test", batchMessages: 10, signal: stop.signal },
    );
    return made;
  }

  it("are listed for admins with the reason, and the look is written down", async () => {
    const { ask, facts } = await withReject();

    const { items } = (await ask("admin", "/v1/rejected")).json();

    expect(items).toMatchObject([{ reason: "not JSON", id: "m-1", project: "globex", bytes: 7 }]);
    expect(facts).toMatchObject([
      { fact: "request audited", fields: { caller: "root", path: "/v1/rejected", status: 200 } },
    ]);
  });

  it("are put back on the bus after a fix, once", async () => {
    const { ask } = await withReject();
    const [{ sequence }] = (await ask("admin", "/v1/rejected")).json().items;

    const answers = [
      await ask("admin", `/v1/rejected/${sequence}/replay`, { method: "POST" }),
      await ask("admin", `/v1/rejected/${sequence}/replay`, { method: "POST" }),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 404]);
  });
});
