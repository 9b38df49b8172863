import {
  at,
  type Coverage,
  type Event,
  HOUR_MS,
  type Instant,
  instant,
  iso,
  MINUTE_MS,
  measure,
  meterNamed,
  type Period,
  type Sample,
  watch,
} from "@raingauge/domain";
import { isIgnored, translate } from "@raingauge/listener";
import { ApiError, type Notification, type Payload } from "@raingauge/openstack";
import { centralMetrics, type Seen, SOURCES, SweepIncomplete, type Sweeping, sweep } from "@raingauge/poller";
import { silentLog } from "@raingauge/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../generators/hunt.ts";

const START = instant("2026-03-01T00:00:00Z");
const PERIOD: Period = { start: START, end: at(START + 6 * HOUR_MS) };
const SWEEP_MS = 5 * MINUTE_MS;
const second = (count: number): Instant => at(START + count * 1_000);

/** A thing's whole life in seconds after the start, and what it was from when on. */
interface Life {
  readonly kind: "instance" | "volume";
  readonly begins: number;
  readonly ends?: number;
  /** How many vCPUs or GiB from when on; the first entry is its beginning. */
  readonly sizes: readonly (readonly [from: number, size: number])[];
}

const aLife = (kind: Life["kind"]): fc.Arbitrary<Life> =>
  fc
    .record({
      begins: fc.integer({ min: 0, max: 5 * 3_600 }),
      lasts: fc.option(fc.integer({ min: 2, max: 3 * 3_600 }), { nil: undefined }),
      grows: fc.array(fc.integer({ min: 1, max: 3 * 3_600 }), { maxLength: 2 }),
    })
    .map(({ begins, lasts, grows }) => {
      const ends = lasts === undefined ? undefined : begins + lasts;
      const later = [...new Set(grows)].toSorted((a, b) => a - b).map((each) => begins + each);
      const changes = later.filter((from) => ends === undefined || from < ends);
      const sizes = [begins, ...changes].map((from, index) => [from, 2 ** index] as const);
      return { kind, begins, sizes, ...(ends === undefined ? {} : { ends }) };
    });

const sizeAt = ({ sizes }: Life, moment: Instant): number =>
  sizes.findLast(([from]) => second(from) <= moment)?.[1] ?? 0;
const isThere = ({ begins, ends }: Life, moment: Instant): boolean =>
  second(begins) <= moment && (ends === undefined || moment < second(ends));
const launchedAt = ({ sizes }: Life, moment: Instant): Instant =>
  second(sizes.findLast(([from]) => second(from) <= moment)?.[0] ?? 0);

/** What the services say when it happens, in Nova's legacy format and in Cinder's. */
function notified(life: Life, index: number): Notification[] {
  const said = (type: string, moment: Instant, payload: Payload): Notification => ({
    ...{ messageId: `${life.kind}-${index}-${type}-${moment}`, type, publisher: "p", priority: "info", actor: {} },
    ...{ microseconds: (moment + 250) * 1_000, requestId: `req-${index}-${moment}`, payload },
  });
  const [create, grow, remove] =
    life.kind === "instance"
      ? ["compute.instance.create.end", "compute.instance.finish_resize.end", "compute.instance.delete.end"]
      : ["volume.create.end", "volume.resize.end", "volume.delete.end"];
  const changes = life.sizes.map(([from], place) =>
    said(place === 0 ? (create ?? "") : (grow ?? ""), second(from), payloadOf(life, index, second(from))),
  );
  if (life.ends === undefined) return changes;
  const gone = second(life.ends);
  const payload = { ...payloadOf(life, index, at(gone - 1)), state: "deleted", terminated_at: iso(gone) };
  return [...changes, said(remove ?? "", gone, payload)];
}

function payloadOf(life: Life, index: number, moment: Instant): Payload {
  const whose = { tenant_id: "acme", user_id: "u", display_name: `thing ${index}`, availability_zone: "nova" };
  if (life.kind === "volume")
    return {
      ...{ ...whose, volume_id: `volume-${index}`, size: sizeAt(life, moment), status: "available", volume_type: "t" },
      launched_at: iso(second(life.begins)),
    };
  return {
    ...{ ...whose, instance_id: `instance-${index}`, state: "active", state_description: "", instance_type: "flavor" },
    ...{ vcpus: sizeAt(life, moment), memory_mb: 1, root_gb: 1, ephemeral_gb: 0, image_ref_url: "/image" },
    launched_at: iso(launchedAt(life, moment)),
  };
}

/** What the APIs say of it at a moment; Nova also of what was deleted. */
function listed(life: Life, index: number, moment: Instant): Payload {
  if (life.kind === "volume")
    return {
      ...{ id: `volume-${index}`, status: "available", size: sizeAt(life, moment), availability_zone: "nova" },
      ...{ volume_type: "t", volume_type_id: "t", "os-vol-tenant-attr:tenant_id": "acme" },
    };
  const gone = life.ends === undefined || moment < second(life.ends) ? undefined : second(life.ends);
  const then = gone === undefined ? moment : at(gone - 1);
  return {
    ...{ id: `instance-${index}`, tenant_id: "acme", "OS-EXT-AZ:availability_zone": "nova", image: { id: "image" } },
    "OS-EXT-STS:vm_state": gone === undefined ? "active" : "deleted",
    "OS-SRV-USG:launched_at": iso(launchedAt(life, then)),
    ...(gone === undefined ? {} : { "OS-SRV-USG:terminated_at": iso(gone), updated: iso(gone) }),
    flavor: { original_name: "flavor", vcpus: sizeAt(life, then), ram: 1, disk: 1, ephemeral: 0 },
  };
}

/** An answer of the API's that is none: an error half way, or nothing where there is something. */
type Trouble = "error" | "empty" | undefined;

/** Sweeps of Nova and Cinder, every five minutes. */
async function swept(lives: readonly Life[], trouble: (round: number) => Trouble = () => undefined) {
  const told = { samples: [] as Sample[], coverage: [] as Coverage[], events: [] as Event[] };
  const before = new Map<string, Seen>();
  for (let round = 0; PERIOD.start + round * SWEEP_MS <= PERIOD.end + HOUR_MS; round += 1) {
    const moment = at(PERIOD.start + round * SWEEP_MS);
    for (const name of ["nova.sweep", "cinder.volumes.sweep"]) {
      const source = SOURCES.find((each) => each.name === name) ?? expect.fail();
      const sweeping = sweepingAt(lives, moment, trouble(round), told);
      try {
        before.set(name, await sweep(source, sweeping, before.get(name)));
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof SweepIncomplete)) throw error;
      }
    }
  }
  return told;
}

function sweepingAt(
  lives: readonly Life[],
  moment: Instant,
  trouble: Trouble,
  told: { samples: Sample[]; coverage: Coverage[]; events: Event[] },
): Sweeping {
  const known = lives.map((life, index) => ({ life, index })).filter(({ life }) => second(life.begins) <= moment);
  const answer = (path: string, isDeleted: boolean): Payload[] => {
    const kind = path.startsWith("/volumes") ? "volume" : "instance";
    return known
      .filter(({ life }) => life.kind === kind && isThere(life, moment) !== isDeleted)
      .map(({ life, index }) => listed(life, index, moment));
  };
  return {
    session: {
      fetch: () => expect.fail(),
      get: () => expect.fail(),
      async *pages({ path, query = {} }) {
        const items = answer(path, "changes-since" in query);
        yield { items: query["status"] === "SOFT_DELETED" || trouble === "empty" ? [] : items, askedAt: moment };
        if (trouble === "error") throw new ApiError("failed", "it failed half way");
      },
    },
    ...{ region: "one", agent: "central", intervalSeconds: 300, pageItems: 1_000, now: () => moment },
    ...{ log: silentLog, metrics: centralMetrics() },
    post: async ({ samples, coverage, events }) => {
      told.samples.push(...samples);
      told.coverage.push(...coverage);
      told.events.push(...events);
      return true;
    },
  };
}

const heard = (notifications: readonly Notification[]): Sample[] =>
  notifications.flatMap((each) => {
    const said = translate(each, { region: "one" });
    return isIgnored(said) ? [] : said.samples;
  });

const LISTENING: Coverage = {
  ...{ region: "one", source: "listener", agent: "queue" },
  period: { start: PERIOD.start, end: at(PERIOD.end + 2 * HOUR_MS) },
};

/** Unit seconds in the period, of every resource. */
function billed(samples: readonly Sample[], coverage: readonly Coverage[], meterName: string): Map<string, number> {
  const meter = meterNamed(meterName) ?? expect.fail();
  const mine = samples.filter((sample) => sample.meter === meterName);
  const total = new Map<string, number>();
  for (const { resource, quantity } of measure(meter, mine, PERIOD, watch(coverage, "one", meter.resourceType)))
    total.set(resource, (total.get(resource) ?? 0) + Number(quantity) / 1_000);
  return total;
}

/** As it was, to the second. */
function truth(life: Life, of: "presence" | "size"): number {
  const edges = [...life.sizes.map(([from]) => from), Math.min(life.ends ?? Number.POSITIVE_INFINITY, 6 * 3_600)];
  return life.sizes.reduce((sum, [from, size], index) => {
    const until = Math.min(edges[index + 1] ?? from, 6 * 3_600);
    return sum + Math.max(until - Math.min(from, 6 * 3_600), 0) * (of === "size" ? size : 1);
  }, 0);
}

const isSeen = ({ begins, ends }: Life): boolean =>
  ends === undefined || Math.ceil(begins / (SWEEP_MS / 1_000)) * (SWEEP_MS / 1_000) < ends;

const someLives = fc.array(fc.oneof(aLife("instance"), aLife("volume")), { minLength: 1, maxLength: 6 });
const GIBIBYTE = 2 ** 30;
const RUNS = { numRuns: runs(25) };

describe("whichever notifications are lost", () => {
  it("a machine is billed exactly from its launch to its end, and a volume that was seen within one sweep of the truth", async () => {
    await fc.assert(
      fc.asyncProperty(someLives, fc.infiniteStream(fc.boolean()), async (lives, losses) => {
        const kept = lives.flatMap(notified).filter(() => losses.next().value !== true);
        const { samples, coverage } = await swept(lives);
        const all = [...heard(kept), ...samples];
        const presence = billed(all, [LISTENING, ...coverage], "instance");
        const vcpus = billed(all, [LISTENING, ...coverage], "vcpus");
        const volumes = billed(all, [LISTENING, ...coverage], "volume.size");

        for (const [index, life] of lives.entries()) {
          const largest = 2 ** (life.sizes.length - 1);
          if (life.kind === "instance") {
            // Of a machine that was resized before the first sweep saw it, the API knows the last launch alone.
            const missed = Math.abs((presence.get(`instance-${index}`) ?? 0) - truth(life, "presence"));
            expect(missed).toBeLessThanOrEqual(life.sizes.length === 1 ? 0 : SWEEP_MS / 1_000);
            const off = Math.abs((vcpus.get(`instance-${index}`) ?? 0) - truth(life, "size"));
            expect(off).toBeLessThanOrEqual((SWEEP_MS / 1_000) * largest * (life.sizes.length - 1));
          } else {
            const off = Math.abs((volumes.get(`volume-${index}`) ?? 0) / GIBIBYTE - truth(life, "size"));
            // What lived between two sweeps none has seen: its silence speaks for itself, after three intervals.
            const sweeps = isSeen(life) ? life.sizes.length : 3;
            expect(off).toBeLessThanOrEqual((SWEEP_MS / 1_000) * largest * sweeps);
          }
        }
      }),
      RUNS,
    );
  });

  it("one in a hundred of a day's is within one sweep of the truth, and most of the day exact", async () => {
    const [lives = []] = fc.sample(
      fc.array(fc.oneof(aLife("instance"), aLife("volume")), { minLength: 60, maxLength: 60 }),
      {
        seed: 20260301,
        numRuns: 1,
      },
    );
    const all = lives.flatMap(notified);
    const kept = all.filter((_, index) => index % 100 !== 37);
    const { samples, coverage } = await swept(lives);
    const presence = billed([...heard(kept), ...samples], [LISTENING, ...coverage], "instance");
    const volumes = billed([...heard(kept), ...samples], [LISTENING, ...coverage], "volume.size");

    const off = lives.map((life, index) =>
      life.kind === "instance"
        ? (presence.get(`instance-${index}`) ?? 0) - truth(life, "presence")
        : (volumes.get(`volume-${index}`) ?? 0) / GIBIBYTE - truth(life, "size"),
    );

    expect(all.length - kept.length).toBeGreaterThan(0);
    expect(off.filter((each) => each !== 0).length).toBeLessThanOrEqual(all.length - kept.length);
    expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual((SWEEP_MS / 1_000) * 4);
  });

  it("an answer that is short, or breaks off, ends nothing: the bill is that of the notifications", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aLife("volume"), { minLength: 12, maxLength: 14 }),
        fc.infiniteStream(fc.constantFrom<Trouble>("error", undefined)),
        async (lives, troubles) => {
          const rounds = new Map<number, Trouble>();
          const { samples, coverage } = await swept(lives, (round) => {
            // Twice in a row may a sweep fail before anything is taken for gone.
            if (!rounds.has(round)) rounds.set(round, round % 3 === 0 ? undefined : troubles.next().value);
            return rounds.get(round);
          });
          const all = heard(lives.flatMap(notified));

          expect(billed([...all, ...samples], [LISTENING, ...coverage], "volume.size")).toEqual(
            billed(all, [LISTENING], "volume.size"),
          );
        },
      ),
      { numRuns: runs(10) },
    );
  });

  it("an API that forgets everything once is not believed", async () => {
    const lives = Array.from({ length: 15 }, (): Life => ({ kind: "volume", begins: 0, sizes: [[0, 1]] }));
    const { samples } = await swept(lives, (round) => (round === 7 ? "empty" : undefined));

    expect(samples.filter(({ stance }) => stance === "vanishes")).toEqual([]);
  });
});
