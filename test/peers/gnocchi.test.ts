import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Installed } from "../journeys/command.ts";
import { gnocchi, gnocchiLacks } from "./gnocchi.ts";

/**
 * Debian's Gnocchi, filled through its own API and taken over by the command. Two hundred packages come with it, so that it is run by
 * hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/gnocchi.test.ts
 */
const lacks = gnocchiLacks();
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : lacks.length > 0
      ? `apt-get install ${lacks.join(" ")}`
      : undefined;

const MACHINE = "6868da77-fa82-4e67-aba9-270c5ae8cbca";
const TAP = `instance-0000002a-${MACHINE}-tap4`;
const HOUR_SECONDS = 3_600n;

describe.skipIf(reason !== undefined)(
  `Debian's Gnocchi${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    let theirs: Awaited<ReturnType<typeof gnocchi>>;
    const ours = new Installed();
    beforeAll(async () => {
      [theirs] = await Promise.all([gnocchi(), ours.up()]);
      await fill();
    }, 120_000);
    afterAll(async () => {
      await ours[Symbol.asyncDispose]();
      await theirs?.stop();
    });

    const told = async (path: string, body?: unknown, method = body === undefined ? "GET" : "POST") => {
      const { origin } = new URL(theirs.url);
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: { authorization: `Basic ${btoa("admin:")}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    };
    const measure = (type: string, id: string, metric: string, values: readonly number[]) =>
      told(
        `/v1/resource/${type}/${id}/metric/${metric}/measures`,
        values.map((value, hour) => ({ timestamp: `2026-03-01T0${hour}:00:00`, value })),
      );

    /** A machine of four hours and its interface, as Ceilometer makes them; a policy that keeps sums alone; what belongs to nobody. */
    async function fill(): Promise<void> {
      const policy = { back_window: 0, definition: [{ granularity: "1:00:00", timespan: "3650 days" }] };
      for (const [name, method] of [
        ["hourly", "mean"],
        ["counted", "last"],
        ["summed", "sum"],
      ])
        await told("/v1/archive_policy", { ...policy, name, aggregation_methods: [method] });
      const text = { type: "string", required: false };
      const types = {
        instance: { display_name: text, flavor_name: text },
        instance_network_interface: { instance_id: text, name: text },
        host: {},
      };
      for (const [name, attributes] of Object.entries(types)) await told("/v1/resource_type", { name, attributes });
      const acme = { project_id: "acme", user_id: "u1", started_at: "2026-03-01T00:00:00Z" };
      const metric = (name: string) => ({ archive_policy_name: name });
      await told("/v1/resource/instance", {
        ...{ ...acme, id: MACHINE, display_name: "web", flavor_name: "small" },
        metrics: { vcpus: metric("hourly"), memory: metric("summed"), "compute.instance.odd": metric("hourly") },
      });
      await told("/v1/resource/instance_network_interface", {
        ...{ ...acme, id: TAP, instance_id: MACHINE, name: "tap4" },
        metrics: { "network.outgoing.bytes": metric("counted") },
      });
      await told("/v1/resource/host", { id: "rack-1", started_at: acme.started_at, metrics: {} });
      await measure("instance", MACHINE, "vcpus", [2, 2, 4, 4]);
      await measure("instance", MACHINE, "memory", [2_048]);
      await measure("instance_network_interface", TAP, "network.outgoing.bytes", [1_000, 1_500, 4_000]);
      await told(`/v1/resource/instance/${MACHINE}`, { ended_at: "2026-03-01T04:00:00Z" }, "PATCH");
    }

    const importing = (...more: string[]) =>
      ours.ask("import", "gnocchi", "--from", theirs.url, "--begin", "2026-03-01", "--end", "2026-03-02", ...more);

    it("is taken over as it was told, however often, also what its worker had not come to", async () => {
      const report = {
        ...{ dryRun: true, resources: 3, measures: 7, readings: 13, ownerless: 1 },
        unknown: { "compute.instance.odd": 1 },
        unaveraged: { memory: 1 },
      };
      expect(await importing("--dry-run")).toEqual(report);
      expect(await importing()).toEqual({ ...report, dryRun: false });
      expect(await importing()).toEqual({ ...report, dryRun: false });

      const usage = async (): Promise<unknown[]> => {
        const answer = await ours.get("/v1/usage?period=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z");
        const { items } = (await answer.json()) as { items: { meter: string; resource: string; quantity: string }[] };
        return items.map(({ meter, resource, quantity }) => [meter, resource, quantity]);
      };
      await vi.waitFor(
        async () =>
          expect(await usage()).toEqual(
            expect.arrayContaining([
              ["instance", MACHINE, String(4n * HOUR_SECONDS * 1_000n)],
              ["vcpus", MACHINE, String(12n * HOUR_SECONDS * 1_000n)],
              ["network.outgoing.bytes", MACHINE, "3000"],
            ]),
          ),
        { timeout: 30_000, interval: 200 },
      );
    });
  },
);
