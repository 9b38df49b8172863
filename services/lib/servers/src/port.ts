import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A free port on 127.0.0.1, below the range that the kernel gives to outgoing connections: a client that keeps
 * retrying while its server is down would sooner or later be given the server's own port, and talk to itself.
 */
export const privatePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
};

const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
