import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

export interface Asked {
  /** What the request with this number asks. */
  readonly path: (count: number) => string;
  /** Sent by POST where it is there. */
  readonly body?: unknown;
}

interface Door {
  readonly origin: string;
  readonly token: string;
}

interface Pace {
  /** For so long, */
  readonly seconds: number;
  /** but so often at least, */
  readonly least: number;
  /** by so many at once. */
  readonly clients: number;
}

/** Some clients who ask again as soon as they have been answered, each over a connection that it keeps. */
export async function answersOf({ origin, token }: Door, asked: Asked, { seconds, least, clients }: Pace) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latencies: number[] = [];
  const began = performance.now();
  let count = 0;
  const client = async (): Promise<void> => {
    while (count < least || performance.now() - began < seconds * 1_000) {
      count += 1;
      const sent = performance.now();
      await answered(agent, origin, token, asked, count);
      latencies.push((performance.now() - sent) / 1_000);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return { latencies, seconds: (performance.now() - began) / 1_000 };
}

/** Rejects what is no success: a fast refusal is no figure. */
async function answered(
  agent: Agent,
  origin: string,
  token: string,
  { path, body }: Asked,
  count: number,
): Promise<void> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const response = await new Promise<Parameters<NonNullable<Parameters<typeof request>[2]>>[0]>((resolve, reject) => {
    const asking = request(new URL(path(count), origin), {
      agent,
      method: sent === undefined ? "GET" : "POST",
      headers: { "x-auth-token": token, ...(sent === undefined ? {} : { "content-type": "application/json" }) },
    });
    asking.once("error", reject);
    asking.once("response", resolve);
    asking.end(sent);
  });
  const said = await text(response);
  if (response.statusCode !== 200)
    throw new Error(`${path(count)} answered ${response.statusCode}: ${said.slice(0, 300)}`);
}
