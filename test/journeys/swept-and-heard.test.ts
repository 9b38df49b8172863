import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { at, HOUR_MS, inOrder, instant, METERS, measure, type Period, type Sample } from "@raingauge/domain";
import { inPages, type Play, type Recording, recordedCloud, recording } from "@raingauge/harness";
import { isIgnored, translate } from "@raingauge/listener";
import { cloudSession, openEnvelope } from "@raingauge/openstack";
import { centralMetrics, SOURCES, sweep } from "@raingauge/poller";
import { silentLog } from "@raingauge/runtime";
import { describe, expect, it } from "vitest";

/** When the cloud's APIs were recorded; its notifications go on after that. */
const RECORDED = instant("2026-11-23T00:44:20Z");
const ALL: Period = { start: instant("2026-11-23T00:00:00Z"), end: RECORDED };
/** The project as which the cloud was asked, which stands in Cinder's addresses. */
const ADMIN = "ed67957e32384123ab166d55f1c4cdbb";
/** Nobody looked away: what was not said to end is held. */
const WATCHED = { confirmations: [], listening: [{ start: ALL.start, end: at(ALL.end + HOUR_MS) }] };

const PROJECTS: Readonly<Record<string, string>> = {
  acme: "8eb3fab7821249c7af3cbd737437eebf",
  globex: "591cc5a1cd814ffda5c696fb6e7f4ed5",
  initech: "f17881b185a440e2b7d91fb7eb19bb39",
};

const MACHINE = ["instance", "vcpus", "memory", "disk.root.size", "disk.ephemeral.size"];

const BELONGINGS = ["network", "subnet", "port", "router"];

/** What is only looked at is nobody's bill, and is told by one of the two alone. */
const BILLED: ReadonlySet<string> = new Set(METERS.filter(({ isPriceable }) => isPriceable).map(({ name }) => name));

const heard = notifications();
const swept = await sweeps();
const there = new Set(swept.map(({ resource }) => resource));

describe("a cloud that is swept and one that is heard", () => {
  it("are one: every resource has the same project, amounts and dimensions", () => {
    const said = lastStatements(heard.filter(({ at: when }) => when <= RECORDED));
    const seen = lastStatements(swept.filter(({ stance }) => stance !== "ends"));
    const both = [...seen.keys()].filter((key) => said.has(key) && !ended(heard).has(key));

    expect(new Set(both.map((key) => key.split(" ")[0]))).toEqual(
      new Set([...MACHINE, ...BELONGINGS, "volume.size", "backup.size", "image.size", "ip.floating"]),
    );
    expect(pick(seen, both)).toEqual(pick(said, both));
  });

  it("know of the same ends, to the second", () => {
    const known = ended(heard);
    const ends = ended(swept);

    expect(ends.size).toBe(8 * MACHINE.length);
    expect(Object.fromEntries(ends)).toEqual(pick(known, [...ends.keys()]));
  });

  it.each(stories())("bill $machine the same from its last launch on, $state all the time", ({ machine, period }) => {
    const mine = (samples: readonly Sample[]) =>
      usage(
        samples.filter(({ resource }) => resource === machine),
        period,
      );

    expect(mine(swept)).not.toEqual([]);
    expect(mine(swept)).toEqual(mine(heard));
  });

  it("bill every machine the same amounts from its last launch on, whatever states it went through", () => {
    for (const { machine, period } of launches()) {
      const mine = (samples: readonly Sample[]) =>
        totals(
          usage(
            samples.filter(({ resource }) => resource === machine),
            period,
          ),
        );

      expect(mine(swept), machine).toEqual(mine(heard));
    }
  });

  it("bill together what is billed by ear alone", () => {
    const known = new Set(heard.map(({ resource }) => resource));
    const both = usage([...heard, ...swept.filter(({ resource }) => known.has(resource))], ALL);

    expect(there.size).toBeGreaterThan(40);
    expect(both).toEqual(usage(heard, ALL));
  });
});

/** What the listener makes of everything that was notified. */
function notifications(): Sample[] {
  const file = new URL("../captures/notifications.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  return lines.flatMap((line) => {
    const said = translate(openEnvelope(JSON.parse(line).body), { region: "one" });
    return isIgnored(said) ? [] : said.samples.filter(({ meter }) => BILLED.has(meter));
  });
}

/** What the poller makes of everything that the APIs answered, in one sweep of each. */
async function sweeps(): Promise<Sample[]> {
  await using cloud = await recordedCloud(answers());
  await using session = cloudSession(
    {
      authUrl: cloud.authUrl,
      region: "RegionOne",
      interface: "internal",
      verify: true,
      identity: { kind: "application_credential", credential: { id: "c0ffee" }, secret: () => "hunter2" },
    },
    {
      timeoutSeconds: 10,
      endpointRequestsMax: 4,
      attemptsMax: 1,
      signal: new AbortController().signal,
      now: () => RECORDED,
    },
  );
  const samples: Sample[] = [];
  const sweeping = {
    ...{ session, region: "one", agent: "central", intervalSeconds: 300, pageItems: 5 },
    ...{ log: silentLog, metrics: centralMetrics(), now: () => RECORDED },
    post: async (batch: { readonly samples: readonly Sample[] }) => {
      samples.push(...batch.samples);
      return true;
    },
  };
  for (const source of SOURCES.filter(({ absence }) => absence === undefined)) await sweep(source, sweeping, undefined);
  return samples;
}

/** By question; a hidden image and a soft-deleted machine were not there when this was recorded. */
function answers(): Readonly<Record<string, Play>> {
  const living = inPages(recording("nova.servers_detail.latest"), "servers");
  const deleted = inPages(withFlavors(recording("nova.servers_detail.deleted")), "servers");
  const nobody = inPages({ ...recording("nova.servers_detail.latest"), body: { servers: [] } }, "servers");
  const images = inPages(recording("glance.images"), "images");
  const hidden = inPages({ ...recording("glance.images"), body: { images: [] } }, "images");
  return {
    "GET /8774/v2.1/servers/detail": (asked) => {
      if (asked.query["status"] === "SOFT_DELETED") return nobody(asked);
      return asked.query["deleted"] === "true" ? deleted(asked) : living(asked);
    },
    [`GET /8776/v3/${ADMIN}/volumes/detail`]: inPages(recording("cinder.volumes_detail.latest"), "volumes"),
    [`GET /8776/v3/${ADMIN}/snapshots/detail`]: inPages(recording("cinder.snapshots_detail"), "snapshots"),
    [`GET /8776/v3/${ADMIN}/backups/detail`]: inPages(withProjects(recording("cinder.backups_detail")), "backups"),
    "GET /9292/v2/images": (asked) => (asked.query["os_hidden"] === "true" ? hidden(asked) : images(asked)),
    ...Object.fromEntries(
      ["floatingips", ...BELONGINGS.map((each) => `${each}s`)].map((items) => [
        `GET /9696/v2.0/${items}`,
        inPages(recording(`neutron.${items}`), items),
      ]),
    ),
  };
}

type Item = Readonly<Record<string, unknown>>;

function itemsOf({ body }: Recording, key: string): readonly Item[] {
  return body?.[key] as readonly Item[];
}

/** The deleted machines were recorded at microversion 2.1; from 2.47 on the flavor itself stands where its id was. */
function withFlavors(recorded: Recording): Recording {
  const flavors = new Map(itemsOf(recording("nova.flavors_detail"), "flavors").map((flavor) => [flavor["id"], flavor]));
  const servers = itemsOf(recorded, "servers").map((server) => {
    const { name, ram, disk, vcpus, ...flavor } = flavors.get((server["flavor"] as Item)["id"]) ?? expect.fail();
    const ephemeral = flavor["OS-FLV-EXT-DATA:ephemeral"];
    return { ...server, flavor: { original_name: name, ram, disk, vcpus, ephemeral } };
  });
  return { ...recorded, body: { servers } };
}

/** The backups were recorded at microversion 3.0; from 3.18 on their project is told. Their names begin with its name. */
function withProjects(recorded: Recording): Recording {
  const backups = itemsOf(recorded, "backups").map((backup) => ({
    ...backup,
    "os-backup-project-attr:project_id": PROJECTS[String(backup["name"]).split("-")[0] ?? ""],
  }));
  return { ...recorded, body: { backups } };
}

type Statement = Pick<Sample, "project" | "value" | "dimensions">;

/** By meter and resource: what was stated last. */
function lastStatements(samples: readonly Sample[]): Map<string, Statement> {
  const series = Map.groupBy(samples, ({ meter, resource }) => `${meter} ${resource}`);
  const last = [...series].map(
    ([key, each]) => [key, inOrder(each).findLast(({ stance }) => stance === "states")] as const,
  );
  return new Map(
    last.flatMap(([key, said]) =>
      said === undefined ? [] : [[key, { project: said.project, value: said.value, dimensions: said.dimensions }]],
    ),
  );
}

/** By meter and resource: when it ended. */
function ended(samples: readonly Sample[]): Map<string, number> {
  return new Map(
    inOrder(samples)
      .filter(({ stance }) => stance === "ends")
      .toReversed()
      .map(({ meter, resource, at: when }) => [`${meter} ${resource}`, when]),
  );
}

function pick<T>(map: ReadonlyMap<string, T>, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, map.get(key)]));
}

interface Quantity extends Pick<Sample, "project" | "meter" | "resource" | "dimensions"> {
  readonly quantity: bigint;
}

function usage(samples: readonly Sample[], period: Period): Quantity[] {
  return METERS.flatMap((meter) => {
    const readings = samples.filter((sample) => sample.meter === meter.name);
    return measure(meter, readings, period, WATCHED)
      .filter(({ quantity }) => quantity > 0n)
      .map(({ project, resource, dimensions, quantity }) => ({
        project,
        meter: meter.name,
        resource,
        dimensions,
        quantity,
      }));
  });
}

/** Summed over states. */
function totals(usages: readonly Quantity[]) {
  const total = new Map<string, bigint>();
  for (const { project, meter, dimensions, quantity } of usages) {
    const key = [project, meter, dimensions["flavor"], dimensions["image"]].join(" ");
    total.set(key, (total.get(key) ?? 0n) + quantity);
  }
  return Object.fromEntries(total);
}

/** From when on the API knows a machine as it is. */
function launches() {
  return [
    ...Map.groupBy(
      swept.filter(({ meter }) => meter === "instance"),
      ({ resource }) => resource,
    ),
  ].map(([machine, said]) => ({ machine, period: { start: inOrder(said)[0]?.at ?? expect.fail(), end: RECORDED } }));
}

/** Machines that were in one state from their last launch on. */
function stories() {
  return launches().flatMap(({ machine, period }) => {
    const mine = heard.filter(
      ({ resource, meter, at: when }) => resource === machine && meter === "instance" && when >= period.start,
    );
    const states = new Set(
      mine.filter(({ at: when }) => when <= RECORDED).map(({ dimensions }) => dimensions["state"]),
    );
    return states.size === 1 ? [{ machine, period, state: [...states][0] }] : [];
  });
}
