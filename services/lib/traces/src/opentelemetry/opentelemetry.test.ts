import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { memoryBus } from "@raingauge/bus/memory";
import { type Log, silentLog } from "@raingauge/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTracer, tracedBus } from "../index.ts";

interface Told {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Exported[] }[];
  }[];
}
interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Exported extends Pick<Told, "name" | "traceId" | "spanId"> {
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}

const factsOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** What an OpenTelemetry collector hears, span by span. */
async function receiver(): Promise<{ readonly url: URL; readonly told: readonly Told[] }> {
  const told: Told[] = [];
  const server: Server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Export;
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(factsOf(resource.attributes)["service.name"]);
      for (const { name, traceId, spanId, parentSpanId = "", attributes } of scopeSpans.flatMap(({ spans }) => spans)) {
        told.push({ service, name, traceId, spanId, parentSpanId, facts: factsOf(attributes) });
      }
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), told };
}

const message = {
  id: "message-1",
  kind: "samples",
  region: "RegionOne",
  service: "nova",
  project: "acme",
  body: new TextEncoder().encode("{}"),
} as const;

const following = (url: URL | undefined, service: string, log: Log = silentLog) =>
  openTracer({ tracesUrl: url, tracesOneIn: 1, service, log });

describe("a trace", () => {
  it("goes from the process that publishes to the one that stores, with the fate of the message at its end", async () => {
    const { url, told } = await receiver();
    const bus = memoryBus();
    const listener = await following(url, "listener");
    const collector = await following(url, "collector");
    const notification = listener.begin({ name: "notification", kind: "consumer" });

    await tracedBus(bus, listener).publish({ ...message, ...(notification.trace && { trace: notification.trace }) });
    notification.end();
    const stop = new AbortController();
    await tracedBus(bus, collector).consume(
      async (deliveries) => {
        stop.abort();
        return deliveries.map(() => "done");
      },
      { consumer: "collector", batchMessages: 1, signal: stop.signal },
    );
    await listener[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();

    const [heard, published, stored] = ["notification", "publish", "store"].map((name) =>
      told.find((span) => span.name === name),
    );
    expect(told).toHaveLength(3);
    expect(new Set(told.map(({ traceId }) => traceId)).size).toBe(1);
    expect([heard?.service, published?.service, stored?.service]).toEqual([
      "raingauge-listener",
      "raingauge-listener",
      "raingauge-collector",
    ]);
    expect(published?.parentSpanId).toBe(heard?.spanId);
    expect(stored?.parentSpanId).toBe(published?.spanId);
    expect(stored?.facts).toMatchObject({ fate: "done", region: "RegionOne", "messaging.message.id": "message-1" });
  });

  it("is not followed, and not broken, where nobody asks for it", async () => {
    const tracer = await following(undefined, "collector");
    const given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    expect(tracer.begin({ name: "publish", kind: "producer", trace: given }).trace).toBe(given);
    expect(tracer.begin({ name: "publish", kind: "producer" }).trace).toBeUndefined();
  });

  it("costs the work nothing where what should take it is away", async () => {
    const tracer = await following(new URL("http://127.0.0.1:9"), "listener");
    const bus = tracedBus(memoryBus(), tracer);

    expect(await bus.publish(message)).toBe("stored");

    await expect(tracer[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it("begins anew where what came in is no trace", async () => {
    const { url, told } = await receiver();
    const tracer = await following(url, "collector");

    tracer.begin({ name: "store", kind: "consumer", trace: "mischief" }).end();
    await tracer[Symbol.asyncDispose]();

    expect(told.map(({ parentSpanId }) => parentSpanId)).toEqual([""]);
  });
});
