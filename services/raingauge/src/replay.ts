import { jetStreamBus } from "@raingauge/bus/jetstream";
import { type Definitions, NONE } from "@raingauge/definitions";
import { instant } from "@raingauge/domain";
import { isIgnored, MalformedNotification, translate, withDefined } from "@raingauge/listener";
import { EnvelopeError, openEnvelope } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { type Packet, packets } from "@raingauge/wire";
import { Refused } from "./client.ts";
import { doorplate, type Surroundings } from "./commands/door.ts";
import { definitionsIn } from "./definitions.ts";
import { type Recorded, readRecording } from "./demo/recording.ts";

export interface Replayed {
  readonly messages: number;
  readonly published: number;
  readonly ignored: number;
  readonly malformed: number;
}

/** Plays a recording into the bus of a running Raingauge, through the listener's own translation. */
export async function replay(
  file: string,
  options: ReplayOptions,
  { dataFolder, env }: Surroundings,
  log: Log,
): Promise<void> {
  const url = options.nats ?? doorplate(options.data ?? dataFolder)?.natsUrl;
  if (url === undefined)
    throw new Refused('no bus to play into: start "raingauge up", or name a nats-server with --nats');
  await using bus = await jetStreamBus({ url, name: "replay" });
  const counts = await played(
    readRecording(file),
    options.region,
    async (packet) => void (await bus.publish(packet)),
    log,
    definitionsIn(env),
  );
  process.stdout.write(`${options.json === true ? JSON.stringify(counts) : sentence(counts)}\n`);
}

interface ReplayOptions {
  readonly nats?: string;
  readonly data?: string;
  readonly region: string;
  readonly json?: boolean;
}

const sentence = ({ messages, published, ignored, malformed }: Replayed): string =>
  `${messages} messages: ${published} published, ${ignored} ignored, ${malformed} malformed`;

/**
 * Translates and publishes a recording. From its first message to its last somebody was listening, and that is published
 * too: what was open at its end is then known to have been there.
 */
export async function played(
  recording: AsyncIterable<Recorded> | Iterable<Recorded>,
  region: string,
  publish: (packet: Packet) => Promise<void>,
  log: Log,
  definitions: Definitions = NONE,
): Promise<Replayed> {
  const counts = { messages: 0, published: 0, ignored: 0, malformed: 0 };
  let span: { first: string; last: string } | undefined;
  for await (const recorded of recording) {
    counts.messages += 1;
    span = { first: span?.first ?? recorded.captured_at, last: recorded.captured_at };
    const outcome = await playedOne(recorded, { region, definitions }, publish, log);
    counts[outcome] += 1;
  }
  if (span !== undefined) await publishListening(region, span, publish);
  return counts;
}

async function playedOne(
  recorded: Recorded,
  { region, definitions }: { readonly region: string; readonly definitions: Definitions },
  publish: (packet: Packet) => Promise<void>,
  log: Log,
): Promise<"published" | "ignored" | "malformed"> {
  try {
    const notification = openEnvelope(recorded.body);
    const heard = withDefined(translate(notification, { region }), notification, { region }, definitions, (leftOut) =>
      log.warn("reading left out", { ...leftOut }),
    );
    if (isIgnored(heard)) return "ignored";
    for (const packet of packets(heard, "replay")) await publish(packet);
    return "published";
  } catch (error) {
    if (!(error instanceof EnvelopeError) && !(error instanceof MalformedNotification)) throw error;
    log.warn("message malformed", {
      exchange: recorded.exchange,
      capturedAt: recorded.captured_at,
      reason: error.message,
    });
    return "malformed";
  }
}

export async function publishListening(
  region: string,
  { first, last }: { first: string; last: string },
  publish: (packet: Packet) => Promise<void>,
): Promise<void> {
  const coverage = [
    { region, source: "listener", agent: "replay", period: { start: instant(first), end: instant(last) } },
  ];
  for (const packet of packets({ samples: [], events: [], coverage }, "replay")) await publish(packet);
}
