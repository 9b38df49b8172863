import type { Bus, Delivery, Fate, Message, Rejected } from "../bus.ts";

export interface Limits {
  readonly limitBytes?: number;
  readonly rejectedLimitBytes?: number;
}

/** An empty bus, which is closed when its test ends. */
export type Open = (limits?: Limits) => Promise<Bus>;

/** Different project, same partition or not: one project's messages stay in order. */
export const message = (number: number, over: Partial<Message> = {}): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "RegionOne",
  service: "nova",
  project: "acme",
  body: new TextEncoder().encode(`body ${number}`),
  ...over,
});

export const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `message-${from + index}`);

export const byText = (texts: readonly string[]): string[] => texts.toSorted();

export const byId = (messages: readonly Message[]): Message[] => messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));

export const rejects = (bus: Bus): Promise<Rejected[]> => Array.fromAsync(bus.rejected());

interface Taking {
  readonly batchMessages?: number;
  readonly fate?: (deliveries: readonly Delivery[]) => readonly Fate[];
}

/** Consumes until `count` deliveries have been settled. */
export async function taken(bus: Bus, count: number, { batchMessages = 10, fate }: Taking = {}): Promise<Delivery[]> {
  const got: Delivery[] = [];
  const stop = new AbortController();
  if (count === 0) return got;
  await bus.consume(
    async (deliveries) => {
      got.push(...deliveries);
      if (got.length >= count) stop.abort();
      return fate?.(deliveries) ?? deliveries.map(() => "done");
    },
    { consumer: "collector", batchMessages, signal: stop.signal },
  );
  return got;
}
