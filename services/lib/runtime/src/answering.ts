import { createServer, type Server, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** Told the path of a question, without what follows a `?`. */
export type Answering = (path: string) => Promise<Answer>;

/**
 * A server of HTTP/1 for monitors and probes: one GET or HEAD to a connection, answered and closed. Node's own server does far more, and
 * takes eight megabytes of memory, which on a compute node are the tenants'. Whatever else is asked gets an answer that says no.
 */
export function answering(answer: Answering): Server & Disposable {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.once("close", () => open.delete(socket)));
    heard(socket, answer);
  });
  return Object.assign(server, {
    [Symbol.dispose]: () => {
      for (const socket of open) socket.destroy();
    },
  });
}

/** A question comes in some hundred bytes; whoever sends more, or takes longer, wants something else. */
const QUESTION_BYTES_MAX = 16 * 1024;
const QUESTION_SECONDS = 10;

function heard(socket: Socket, answer: Answering): void {
  let said = "";
  const hear = (part: string): void => {
    said += part;
    const isWhole = said.includes("\r\n\r\n");
    if (!isWhole && said.length <= QUESTION_BYTES_MAX) return;
    socket.off("data", hear).resume();
    answered(isWhole ? said : "", answer).then(
      (text) => socket.end(text),
      () => socket.destroy(),
    );
  };
  // Whoever hangs up before it is answered has lost interest.
  socket.on("error", () => socket.destroy());
  socket.setTimeout(QUESTION_SECONDS * 1_000, () => socket.destroy());
  socket.setEncoding("latin1").on("data", hear);
}

const QUESTION = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]\r\n/;

async function answered(said: string, answer: Answering): Promise<string> {
  const [, method, target = "/"] = QUESTION.exec(said) ?? [];
  if (method === undefined) return told({ status: 400, body: "not a question of HTTP/1\n" });
  if (method !== "GET" && method !== "HEAD") return told({ status: 405, body: "there is nothing here but GET\n" });
  const given = await answer(target.split("?", 1)[0] ?? "/").catch(failed);
  return told(given, method === "HEAD");
}

const failed = (error: unknown): Answer => ({
  status: 500,
  body: `${error instanceof Error ? error.message : String(error)}\n`,
});

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

function told({ status, body, type = "text/plain; charset=utf-8" }: Answer, isHead = false): string {
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Answer"}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "connection: close",
    ...(status === 405 ? ["allow: GET, HEAD"] : []),
  ];
  return `${head.join("\r\n")}\r\n\r\n${isHead ? "" : body}`;
}
