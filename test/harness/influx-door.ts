import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

export interface Door {
  open(): Promise<void>;
  close(): void;
}

/**
 * InfluxDB 1.6 lacks the door by which version 2 is written to (1.8 has it). This one stands before it and passes
 * `/api/v2/write` on as `/write`, bytes untouched, and everything else as it came.
 */
export const influxDoor = (port: number, behind: number): Door => {
  let server: Server | undefined;
  return {
    open: async () => {
      server = createServer((incoming, outgoing) => pass(incoming, outgoing, behind)).listen(port, "127.0.0.1");
      server.unref();
      await once(server, "listening");
    },
    close: () => {
      server?.close();
      server?.closeAllConnections();
      server = undefined;
    },
  };
};

const pass = (incoming: IncomingMessage, outgoing: ServerResponse, port: number): void => {
  const { method, headers } = incoming;
  const { authorization: _, ...others } = headers;
  const onward = request({ host: "127.0.0.1", port, method, path: pathOf(incoming.url ?? "/"), headers: others });
  onward.once("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.once("error", () => outgoing.destroy());
  incoming.pipe(onward);
};

const pathOf = (path: string): string => {
  const asked = new URL(path, "http://door");
  if (asked.pathname !== "/api/v2/write") return path;
  return `/write?${new URLSearchParams({ db: asked.searchParams.get("bucket") ?? "", precision: "n" })}`;
};
