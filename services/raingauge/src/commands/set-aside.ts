import { join } from "node:path";
import type { Replaying, SetAside } from "@raingauge/listener";
import { Argument, type Command } from "commander";
import { Refused } from "../client.ts";
import { table } from "../print.ts";
import { print } from "./asking.ts";
import { doorplate, type Surroundings } from "./door.ts";

interface SetAsideOptions {
  readonly folder?: string;
  readonly data?: string;
  readonly nats?: string;
  readonly region: string;
  readonly json?: boolean;
}

/** What the listener could not even parse stays on its own machine, whole; so this looks into its folder. */
export function addSetAside(program: Command, surroundings: Surroundings): void {
  program
    .command("set-aside")
    .description("notifications that could not be parsed: list them, or hear one again after a fix")
    .addArgument(new Argument("<what>", "list or replay").choices(["list", "replay"]))
    .argument("[digest]", "which one to hear again")
    .option("--folder <folder>", "the listener's set-aside folder (default: that of the `up` on this machine)")
    .option("--data <folder>", "the data folder of a running `up`")
    .option("--nats <url>", "the bus (default: that of the `up` that runs from the data folder)")
    .option("--region <name>", "the region that was listened to", "RegionOne")
    .option("--json", "print JSON")
    .action(async (what: "list" | "replay", digest: string | undefined, options: SetAsideOptions) => {
      const { setAsideIn } = await import("@raingauge/listener/set-aside");
      const data = options.data ?? surroundings.dataFolder;
      const setAside = await setAsideIn(options.folder ?? join(data, "listener/set-aside"), Number.MAX_SAFE_INTEGER);
      if (what === "list") return list(setAside, options);
      if (digest === undefined) throw new Refused("which one? say its digest, as `set-aside list` shows it");
      const { definitionsIn } = await import("../definitions.ts");
      await again(
        { setAside, definitions: definitionsIn(surroundings.env) },
        digest,
        options.nats ?? doorplate(data)?.natsUrl,
        options,
      );
    });
}

async function list(setAside: SetAside, options: SetAsideOptions): Promise<void> {
  const { iso } = await import("@raingauge/domain");
  const kept = await Array.fromAsync(setAside.list(), ({ body, at, ...aside }) => ({
    ...aside,
    at: iso(at),
    bytes: body.length,
  }));
  const rows = kept.map(({ digest, at, exchange, bytes, reason }) => [digest, at, exchange, String(bytes), reason]);
  print(options, kept, () => table(["digest", "set aside at", "exchange", "bytes", "reason"], rows, 99));
}

async function again(
  replaying: Pick<Replaying, "setAside" | "definitions">,
  digest: string,
  url: string | undefined,
  options: SetAsideOptions,
): Promise<void> {
  if (url === undefined)
    throw new Refused('no bus to publish on: start "raingauge up", or name a nats-server with --nats');
  const [{ jetStreamBus }, { replay }] = await Promise.all([
    import("@raingauge/bus/jetstream"),
    import("@raingauge/listener"),
  ]);
  await using bus = await jetStreamBus({ url, name: "set-aside" });
  const outcome = await replay(digest, { ...replaying, bus, region: options.region });
  if (outcome === undefined) throw new Refused(`nothing is set aside as ${digest}`);
  print(options, { digest, outcome }, () => SAID[outcome]);
  if (outcome === "refused") process.exitCode = 1;
}

const SAID = {
  heard: "understood now, and published",
  ignored: "understood now, and not our business",
  refused: "still not understood; it stays where it is",
} as const;
