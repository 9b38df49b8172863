import { expect, it } from "vitest";
import { message, type Open, rejects, taken } from "./terms.ts";

/** What is set aside, what is hidden of it, and how it comes back. */
export function rejecting(opened: Open): void {
  it("sets a rejected message aside with its reason and its bytes", async () => {
    const bus = await opened();
    await bus.publish(message(1));
    const reason = "it says nothing — at samples.3\nnothing at all";

    await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: reason })) });

    const [reject] = await rejects(bus);
    expect(reject).toMatchObject({ reason, message: message(1) });
    expect(reject?.rejectedAt).toBeGreaterThan(0);
  });

  it("never keeps a secret among the rejects", async () => {
    const bus = await opened();
    const body = new TextEncoder().encode(JSON.stringify({ name: "vm-1", adminPass: "hunter2" }));
    await bus.publish({ ...message(1), body });

    await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: "no" })) });

    const text = new TextDecoder().decode((await rejects(bus))[0]?.message.body);
    expect(text).toContain("vm-1");
    expect(text).not.toContain("hunter2");
  });

  it("lists what was rejected after another, and nothing before it", async () => {
    const bus = await opened();
    for (const number of [1, 2, 3]) await bus.publish(message(number));
    await taken(bus, 3, { fate: (deliveries) => deliveries.map(() => ({ reject: "broken" })) });
    const [first, ...others] = await rejects(bus);

    const behind = await Array.fromAsync(bus.rejected(first?.sequence ?? 0n));

    expect(others).toHaveLength(2);
    expect(behind).toEqual(others);
  });

  it("puts a rejected message back once, as a new message, and only while it is there", async () => {
    const bus = await opened();
    await bus.publish(message(1));
    const [before] = await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: "not yet" })) });
    const [reject] = await rejects(bus);

    expect(await bus.replay(reject?.sequence ?? 0n)).toBe(true);
    expect(await bus.replay(reject?.sequence ?? 0n)).toBe(false);

    const [after] = await taken(bus, 1);
    expect(after?.message.body).toEqual(message(1).body);
    expect(after?.position).not.toEqual(before?.position);
    expect(await rejects(bus)).toEqual([]);
  });

  it("can reject and replay one message again and again", async () => {
    const bus = await opened();
    await bus.publish(message(1));

    for (let round = 1; round <= 3; round += 1) {
      await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: `round ${round}` })) });
      const [reject] = await rejects(bus);
      expect(reject?.reason).toBe(`round ${round}`);
      await bus.replay(reject?.sequence ?? 0n);
    }

    expect(await taken(bus, 1)).toHaveLength(1);
  });
}
