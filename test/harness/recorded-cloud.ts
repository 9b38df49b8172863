import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What an OpenStack API answered, as `test/captures/rest` keeps it. */
export interface Recording {
  readonly status: number;
  readonly response_headers: readonly (readonly [name: string, value: string])[];
  readonly body: Readonly<Record<string, unknown>> | null;
  /** What is no JSON, instead of the body. */
  readonly text?: string;
}

export const recording = (name: string): Recording =>
  JSON.parse(readFileSync(new URL(`../captures/rest/${name}.json`, import.meta.url), "utf8"));

/** A question as the cloud heard it. */
export interface AskedCloud {
  readonly method: string;
  /** Begins with the port that the service had when it was recorded, e.g. `/8774/v2.1/servers/detail`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What is answered; `cut` breaks the connection off, `hang` never answers. */
export type Play = (asked: AskedCloud) => Recording | "cut" | "hang";

/**
 * A cloud that says what a real one said. All of its services share one port; the addresses in what was recorded are
 * turned into addresses here.
 */
export interface RecordedCloud extends AsyncDisposable {
  /** Keystone's. */
  readonly authUrl: string;
  /** All questions so far. */
  readonly asked: readonly AskedCloud[];
  /** How many were being answered at once, at most. */
  readonly togetherMax: number;
  /** Plays something else from now on. */
  play(question: string, play: Play): void;
}

/** By `METHOD /path`; what is not there is 404. Keystone hands out its recorded token unless told otherwise. */
export async function recordedCloud(plays: Readonly<Record<string, Play>>): Promise<RecordedCloud> {
  const known = new Map<string, Play>([
    [TOKENS, () => recording("keystone.tokens.post.admin")],
    ...Object.entries(plays),
  ]);
  const asked: AskedCloud[] = [];
  let [together, togetherMax] = [0, 0];
  const server = createServer(async (request, response) => {
    together += 1;
    togetherMax = Math.max(togetherMax, together);
    const question = await heard(request);
    asked.push(question);
    const play = known.get(`${question.method} ${question.path}`) ?? (() => NOTHING_THERE);
    answer(response, play(question), `http://127.0.0.1:${portOf(server)}`);
    together -= 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    authUrl: `http://127.0.0.1:${portOf(server)}/5000/v3`,
    asked,
    get togetherMax() {
      return togetherMax;
    },
    play: (question, play) => known.set(question, play),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const TOKENS = "POST /5000/v3/auth/tokens";

const NOTHING_THERE: Recording = {
  status: 404,
  response_headers: [],
  body: { error: { code: 404, message: "nothing" } },
};

/**
 * A recorded list, in pages of as many as are asked for. The links are made as the services make them, but for the host:
 * nobody is there, as behind many a proxy.
 */
export const inPages =
  (recorded: Recording, key: string): Play =>
  ({ path, query: { limit = "1000", marker, ...query } }) => {
    const items = recorded.body?.[key] as readonly { readonly id: string }[];
    const start = marker === undefined ? 0 : items.findIndex(({ id }) => id === marker) + 1;
    const page = items.slice(start, start + Number(limit));
    const last = page.at(-1);
    const isWhole = last === undefined || last === items.at(-1);
    const href = `http://nobody.invalid${path}?${new URLSearchParams({ ...query, limit, marker: last?.id ?? "" })}`;
    const next = "first" in (recorded.body ?? {}) ? { next: href } : { [`${key}_links`]: [{ rel: "next", href }] };
    return { ...recorded, body: { [key]: page, ...(isWhole ? {} : next) } };
  };

async function heard(request: IncomingMessage): Promise<AskedCloud> {
  const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const parts = await Array.fromAsync(request as AsyncIterable<Buffer>);
  return {
    method: request.method ?? "",
    path,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: Buffer.concat(parts).toString(),
  };
}

function answer(response: ServerResponse, play: ReturnType<Play>, origin: string): void {
  if (play === "hang") return;
  if (play === "cut") {
    response.destroy();
    return;
  }
  const kept = play.response_headers.filter(([name]) => !["content-length", "connection"].includes(name.toLowerCase()));
  response.writeHead(play.status, Object.fromEntries(kept));
  const body = play.text ?? (play.body === null ? "" : JSON.stringify(play.body));
  response.end(body.replaceAll(RECORDED, `${origin}/$1`));
}

const RECORDED = /http:\/\/127\.0\.0\.1:(\d{4})/g;

const portOf = (server: ReturnType<typeof createServer>): number => (server.address() as AddressInfo).port;
