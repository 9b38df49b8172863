import { join } from "node:path";
import { at, columnsOf, type SampleColumns, sampleIn } from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { decodeInColumns, packets } from "@raingauge/wire";
import { gnocchiLacks } from "../peers/gnocchi.ts";
import { ENGINES, writeLines } from "./alone/engines.ts";
import { gnocchiAlone } from "./alone/gnocchi.ts";
import { type Bench, type Benchmark, type Figure, held, rate } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";
import { inLots } from "./lots.ts";
import { secondsOf } from "./stopwatch.ts";

/** The same readings into our store and, as line protocol, into the engines that operators know. */
export const engines: Benchmark = {
  name: "engines",
  about: "samples into our store, and into InfluxDB and VictoriaMetrics by line protocol",
  needs: [],
  run: measured,
};

const CLOUD: Cloud = { hosts: 10, machinesPerHost: 40, projectsPerHost: 8, meters: INSTANCE_METERS, pollMinutes: 5 };
const TICKS = 40;
const BATCH_MESSAGES = 1_024;
/** As their own agents write. */
const LINES = 5_000;

async function measured({ scale, folder, say }: Bench): Promise<readonly Figure[]> {
  say("making up what is polled");
  const bodies = [...polls(CLOUD, Math.ceil(TICKS * scale))]
    .flatMap((batch) => packets(batch, "libvirt"))
    .map(({ body }) => body);
  const columns = bodies.flatMap((body) => decodeInColumns(body).columns ?? []);
  const count = columns.reduce((sum, each) => sum + each.count, 0);
  say("our store");
  const ours = rate("samples decoded and stored", "samples/s", count, await stored(join(folder, "x.duckdb"), bodies));
  const lines = linesIn(columns);
  const others: Figure[] = [];
  for (const engine of ENGINES.filter(({ lacks }) => lacks === undefined)) {
    say(engine.name);
    const server = await engine.start();
    try {
      const seconds = await writeLines(server.url, engine, lines);
      others.push(rate(`${engine.name} by line protocol`, "samples/s", count, seconds));
    } finally {
      await server.stop();
    }
  }
  others.push(...(await gnocchis(scale, say)));
  const decoding = rate("decode alone", "samples/s", count, await secondsOf(() => bodies.map(decodeInColumns)));
  const best = others.toSorted((a, b) => b.value - a.value).slice(0, 1);
  return [held(ours, best.length === 0 ? [decoding] : best), ...others, decoding];
}

/** One host's polls: it takes a hundredth of what the others do. Two hundred packages come with it, so that it is asked for by hand. */
async function gnocchis(scale: number, say: Bench["say"]): Promise<Figure[]> {
  if (process.env["RAINGAUGE_PEERS"] === undefined || gnocchiLacks().length > 0) return [];
  say("Gnocchi");
  const batches = [...polls({ ...CLOUD, hosts: 1 }, Math.ceil(GNOCCHI_TICKS * scale))].map(({ samples }) =>
    columnsOf(samples),
  );
  const count = batches.reduce((sum, each) => sum + each.count, 0);
  const took = await gnocchiAlone(batches);
  return [
    rate("Gnocchi's batch API", "samples/s", count, took.told),
    rate("Gnocchi's batch API and metricd", "samples/s", count, took.aggregated),
  ];
}

const GNOCCHI_TICKS = 20;

/** From messages as the bus hands them over to the last commit. */
async function stored(path: string, bodies: readonly Uint8Array[]): Promise<number> {
  await using store = await duckdbStore({ path, clock: () => at(Date.now()) });
  return await secondsOf(async () => {
    let sequence = 0n;
    for (const lot of inLots(bodies, BATCH_MESSAGES)) {
      const arrivals = lot.map((body): Arrival => {
        sequence += 1n;
        return { position: { stream: "bench", sequence }, batch: decodeInColumns(body) };
      });
      await store.append(arrivals);
    }
  });
}

/** Line protocol, as many lines to a body as are written at once. */
export const linesIn = (columns: readonly SampleColumns[]): string[] =>
  [...inLots(columns.flatMap(linesOf), LINES)].map((lot) => lot.join("\n"));

/** A series is a meter of a resource and, of a counter, of a life; its value is a whole number, as they have those too. */
function linesOf(columns: SampleColumns): string[] {
  return Array.from({ length: columns.count }, (_, row) => {
    const { meter, region, project, resource, incarnation, value, at: moment } = sampleIn(columns, row);
    const life = incarnation === undefined ? "" : `,host=${incarnation.host},device=${incarnation.device || "none"}`;
    return `${meter},region=${region},project=${project},resource=${resource}${life} value=${value}i ${moment}`;
  });
}
