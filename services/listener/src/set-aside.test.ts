import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryBus } from "@raingauge/bus/memory";
import { at } from "@raingauge/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { captured } from "./captured.ts";
import { replay } from "./replay.ts";
import { SetAsideFull, setAsideIn } from "./set-aside.ts";

const MEBIBYTE = 1024 ** 2;

describe("messages set aside", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "set-aside-")), "set-aside");
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  it("are there again, byte for byte, after the process has ended", async () => {
    const body = Buffer.from([0, 10, 255, 123, 10]);
    const kept = await (await setAsideIn(folder, MEBIBYTE)).keep(poison(body));

    const again = await setAsideIn(folder, MEBIBYTE);

    expect(await Array.fromAsync(again.list())).toEqual([kept]);
    expect(kept.body).toEqual(body);
    expect(again.held.messages).toBe(1);
  });

  it("can be read by nobody else", async () => {
    await (await setAsideIn(folder, MEBIBYTE)).keep(poison("secret"));

    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("are kept once, however often they come", async () => {
    const setAside = await setAsideIn(folder, MEBIBYTE);
    for (let time = 1; time <= 3; time += 1) await setAside.keep(poison("again"));

    expect(setAside.held.messages).toBe(1);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("are refused when there is no room, and what is there stays", async () => {
    const setAside = await setAsideIn(folder, 500);
    const kept = await setAside.keep(poison("first"));

    await expect(setAside.keep(poison("x".repeat(500)))).rejects.toThrow(
      expect.objectContaining({ name: "SetAsideFull" }),
    );
    expect(await Array.fromAsync(setAside.list())).toEqual([kept]);
  });

  it("make room when another process has dealt with them", async () => {
    const listener = await setAsideIn(folder, 1_000);
    const { digest } = await listener.keep(poison("a".repeat(700)));
    await expect(listener.keep(poison("b".repeat(700)))).rejects.toThrow(SetAsideFull);

    await (await setAsideIn(folder, 1_000)).remove(digest);

    await listener.keep(poison("b".repeat(700)));
    expect(listener.held.messages).toBe(1);
  });

  it("that were not written whole are not there", async () => {
    await setAsideIn(folder, MEBIBYTE);
    writeFileSync(join(folder, "0123.aside.part"), '{"reason":');

    expect(await Array.fromAsync((await setAsideIn(folder, MEBIBYTE)).list())).toEqual([]);
  });

  it("are published and set aside no longer, once they are understood", async () => {
    const bus = memoryBus();
    const setAside = await setAsideIn(folder, MEBIBYTE);
    const understood = captured().find(({ body }) => body.includes("compute.instance.create.end"))!;
    const { digest } = await setAside.keep(poison(understood.body));
    const other = await setAside.keep(poison("still nothing"));

    expect(await replay(digest, { bus, setAside, region: "one" })).toBe("heard");
    expect(await replay(other.digest, { bus, setAside, region: "one" })).toBe("refused");
    expect(await replay(digest, { bus, setAside, region: "one" })).toBeUndefined();
    expect(await Array.fromAsync(setAside.list())).toEqual([other]);
  });
});

const poison = (body: string | Buffer) => ({
  reason: "the message is not JSON in UTF-8",
  exchange: "nova",
  routingKey: "notifications.info",
  at: at(Date.UTC(2026, 10, 23)),
  body: Buffer.from(body),
});
