import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, natsServer } from "@raingauge/harness";
import { openEnvelope } from "@raingauge/openstack";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Installed } from "./command.ts";
import { recordLastMonth } from "./recording.ts";

/** Nothing here asserts time: this only ends what hangs, on a machine that is busy with everything else. */
const PATIENCE = { timeout: 120_000, interval: 100 };

await describeWith("nats-server", "raingauge up", () => {
  const scratch = mkdtempSync(join(tmpdir(), "raingauge-recording-"));
  const file = join(scratch, "last-month.jsonl");
  const { messages, month } = recordLastMonth(file);
  /** What the recording comes to where nothing goes wrong; every accident must come to the same. */
  let calm: Used;
  /** An operator's own meter, in one file; whatever happens below happens to it too. */
  const own = { RAINGAUGE_DEFINITIONS: join(scratch, "launches.yaml") };
  writeFileSync(own.RAINGAUGE_DEFINITIONS, LAUNCHES);
  const home = new Installed(own);
  beforeAll(() => home.up(), PATIENCE.timeout);
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true });
  });

  it("is ready on an empty folder", PATIENCE, async () => {
    const ready = await home.get("/readyz");

    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, missing: {} });
  });

  it("is well to the doctor, who names no token", PATIENCE, async () => {
    const { code, out } = await home.type("doctor", "--etc", "/nonexistent");

    expect(out).toMatch(/^well {4}raingauge {2}it answers at http:.* and is ready$/m);
    expect(out).toMatch(/^well {4}nats {7}the stream holds \d+ messages/m);
    expect(out).not.toContain("rg_");
    expect(code).toBe(0);
  });

  it("takes a recording to the last message, and tells what was used and what it costs", PATIENCE, async () => {
    const played = await home.ask<Played>("replay", file);
    await drained(home);
    calm = await used(home, month);
    const costs = await home.ask<Cost[]>("cost", "--period", month);
    const [first] = costs;
    const draft = await home.ask<{ readonly document: Cost }>("draft", first?.project ?? "", "--period", month);

    expect(draft.document.total).toBe(first?.total);
    expect(played.messages).toBe(messages);
    expect(played.published + played.ignored).toBe(messages);
    expect(await home.counted("collector_messages_rejected_total")).toBe(0);
    expect(calm.length).toBeGreaterThan(100);
    expect(costs.filter(({ total }) => Number(total) > 0).length).toBeGreaterThanOrEqual(3);
  });

  it(
    "tries, stores and answers for a meter that one file defines, with nothing said of it anywhere else",
    PATIENCE,
    async () => {
      const launches = readFileSync(file, "utf8").split("\n").filter(isLaunch);
      const message = join(scratch, "launch.json");
      writeFileSync(message, launches[0] ?? "");

      const tried = await home.type("try", own.RAINGAUGE_DEFINITIONS, "--message", message);
      const meters = (await (await home.get("/v1/meters")).json()) as {
        readonly items: readonly { readonly name: string }[];
      };
      const query = "sum(sum_over_time(ceilometer_machine_launches[1h]))";
      const asked = new URLSearchParams({ query, time: `${month}-23T01:00:00Z` });
      const told = await (await home.get(`/prometheus/api/v1/query?${asked}`)).json();

      expect(tried.out).toContain("machine.launches");
      expect(meters.items.map(({ name }) => name)).toContain("machine.launches");
      expect(JSON.stringify(calm)).toContain("machine.launches");
      expect(told).toMatchObject({ data: { result: [{ value: [expect.anything(), String(launches.length)] }] } });
    },
  );

  it("says nothing new when the recording is played again", PATIENCE, async () => {
    await home.ask("replay", file);
    await drained(home);

    expect(await used(home, month)).toEqual(calm);
  });

  it("closes the month once, and answers for every invoice", PATIENCE, async () => {
    const first = await home.type("close", month, "--json");
    const again = await home.type("close", month, "--json");
    const invoices = await home.ask<Invoice[]>("invoice");
    const why = await home.ask<Why>("why", numberOf(invoices), "1");
    const page = await home.type("invoice", numberOf(invoices));
    const verified = await home.ask<Verified[]>("verify");

    expect([first.code, again.code]).toEqual([0, 0]);
    expect(invoices.length).toBeGreaterThanOrEqual(3);
    expect(outcomes(first.out)).toContain("issued");
    expect(outcomes(again.out)).not.toContain("issued");
    expect(await home.ask("invoice")).toEqual(invoices);
    for (const { total, lines } of invoices) expect(cents(total)).toBe(sum(lines.map(({ amount }) => cents(amount))));
    expect(page.out).toContain(`Invoice ${numberOf(invoices)}`);
    expect(why.usages.items.length).toBeGreaterThan(0);
    for (const { readings } of why.usages.items) expect(readings.items[0]?.message).toMatch(/\S/);
    expect(verified.map(({ passed }) => passed)).toEqual(invoices.map(() => true));
  });

  it("refuses a second one on its folder in one sentence, and takes no harm from it", PATIENCE, async () => {
    const second = await home.type("up");

    expect(second.code).toBe(1);
    const told = second.err.split("\n").filter((line) => line.includes('"level":"error"'));
    expect(told.map((line) => JSON.parse(line).reason)).toEqual([expect.stringContaining("is held by process")]);
    expect(second.err).not.toContain("    at ");
    expect((await home.get("/readyz")).status).toBe(200);
    expect(await used(home, month)).toEqual(calm);
  });

  it("ends in good order when it is asked to, and has kept everything when it starts again", PATIENCE, async () => {
    const before = await home.ask<Invoice[]>("invoice");

    expect(await home.stop()).toBe(0);
    const closed = await home.type("usage");
    await home.up();

    expect(closed).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^nothing answers at .*\n$/) });
    expect(await used(home, month)).toEqual(calm);
    expect(await home.ask<Invoice[]>("invoice")).toEqual(before);
    expect((await home.ask<Verified[]>("verify")).every(({ passed }) => passed)).toBe(true);
  });

  it("loses nothing that was acknowledged when it is killed outright", PATIENCE, async () => {
    await using other = new Installed(own);
    await other.up();
    await other.ask("replay", file);
    await other.kill();
    await other.up();
    await drained(other);

    expect(await used(other, month)).toEqual(calm);
  });

  it("says why it is not ready while nats-server is away, and loses nothing to its death", PATIENCE, async () => {
    await using server = await natsServer();
    await using other = new Installed({ ...own, RAINGAUGE_NATS_URL: server.url });
    await other.up();

    const interrupted = other.type("replay", file);
    await expect.poll(() => other.counted("collector_messages_settled_total"), PATIENCE).toBeGreaterThan(50);
    await server.kill();
    await expect.poll(async () => (await other.get("/readyz")).status, PATIENCE).toBe(503);
    const away = await (await other.get("/readyz")).json();
    await server.restart();
    await expect.poll(async () => (await other.get("/readyz")).status, PATIENCE).toBe(200);
    await interrupted;
    await other.ask("replay", file);
    await drained(other);

    expect(away).toMatchObject({ ready: false, missing: { bus: expect.stringContaining("nats-server") } });
    expect(await used(other, month)).toEqual(calm);
  });

  it(
    "comes back from a backup on an empty folder, with every invoice verified from its usages and its readings",
    PATIENCE,
    async () => {
      const backup = join(scratch, "backup");
      const before = await home.ask<Invoice[]>("invoice");
      const tooEarly = await home.type("backup", join(scratch, "too-early"));
      await home.stop();
      await using other = new Installed(own);

      expect(await home.type("backup", backup)).toMatchObject({ code: 0, err: "" });
      expect(await other.type("restore", backup)).toMatchObject({ code: 0, err: "" });
      await other.up();

      expect(tooEarly).toMatchObject({ code: 1, err: expect.stringContaining("is held by process") });
      expect(await used(other, month)).toEqual(calm);
      expect(await other.ask<Invoice[]>("invoice")).toEqual(before);
      expect(await other.ask<Verified[]>("verify")).toEqual(
        before.map(() => expect.objectContaining({ passed: true, frozen: PASSED, readings: PASSED })),
      );
    },
  );
});

const LAUNCHES = `
metric:
  - name: machine.launches
    type: delta
    unit: launch
    event_type: compute.instance.create.end
    volume: 1
    resource_id: $.payload.instance_id
    project_id: $.payload.tenant_id
    raingauge: {priceable: false}
`;

const isLaunch = (line: string): boolean =>
  line !== "" && openEnvelope(JSON.parse(line).body).type === "compute.instance.create.end";

const drained = (home: Installed) => expect.poll(() => home.counted("collector_backlog_messages"), PATIENCE).toBe(0);

const PASSED = expect.objectContaining({ passed: true });

type Used = readonly unknown[];

const used = (home: Installed, month: string) =>
  home.ask<Used>("usage", "--period", month, "--group", "project,resource");

interface Played {
  readonly messages: number;
  readonly published: number;
  readonly ignored: number;
}

interface Cost {
  readonly project: string;
  readonly total: string;
}

interface Invoice {
  readonly number: string;
  readonly total: string;
  readonly lines: readonly { readonly amount: string }[];
}

interface Why {
  readonly usages: {
    readonly items: readonly { readonly readings: { readonly items: readonly { readonly message: string }[] } }[];
  };
}

interface Verified {
  readonly passed: boolean;
}

const numberOf = ([first]: readonly Invoice[]): string => first?.number ?? "";

const outcomes = (json: string): string[] =>
  (JSON.parse(json) as { accounts: { outcome: string }[] }).accounts.map(({ outcome }) => outcome);

const cents = (amount: string): bigint => BigInt(amount.replace(".", ""));

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
