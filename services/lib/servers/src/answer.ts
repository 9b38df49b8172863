import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What to say to a server, and how its reply begins once it is ready for work. */
export interface Greeting {
  readonly port: number;
  readonly hello: Buffer;
  readonly welcome: string;
}

/** Resolves when the server has given its welcome; rejects when `gaveUp` says why it never will. */
export const answered = async (greeting: Greeting, gaveUp: () => string | undefined): Promise<void> => {
  const deadline = performance.now() + START_MILLISECONDS;
  while (!(await answers(greeting))) {
    const reason = gaveUp() ?? (performance.now() > deadline ? "it did not answer in time" : undefined);
    if (reason !== undefined) throw new Error(`no server on port ${greeting.port}: ${reason}`);
    await pause(RETRY_MILLISECONDS);
  }
};

/** RabbitMQ on a busy machine of two cores needs some ten seconds; more than a minute means that it hangs. */
const START_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = 20;

const answers = ({ port, hello, welcome }: Greeting): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once("connect", () => socket.write(hello));
    socket.once("data", (reply) => settle(reply.toString("latin1").startsWith(welcome)));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
