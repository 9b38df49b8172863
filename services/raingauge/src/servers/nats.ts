import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { answered } from "./answer.ts";
import { executable } from "./executable.ts";
import { privatePort } from "./port.ts";
import { run } from "./program.ts";

/** A server that we started and that ends with us. */
export interface Started extends AsyncDisposable {
  readonly url: string;
}

export const natsExecutable = (): string | undefined => executable("nats-server");

/** Starts a nats-server with JetStream on a private port, keeping its streams in `folder` across runs. */
export async function startNats(folder: string): Promise<Started> {
  const path = natsExecutable();
  if (path === undefined) throw new ServerMissing("nats-server");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await privatePort();
  const program = run(
    { path, args: ["-js", "-sd", join(folder, "store"), "-a", "127.0.0.1", "-p", String(port)] },
    folder,
  );
  await answered({ port, hello: Buffer.alloc(0), welcome: "INFO {" }, () => program.failure());
  return { url: `nats://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => program.end() };
}

/** A server that is not on this machine, and the line that puts it there. */
export class ServerMissing extends Error {
  override readonly name = "ServerMissing";

  constructor(server: string) {
    super(
      `${server} is not on this machine; install it (Debian, Ubuntu: apt-get install ${server}) or name a running one in the configuration`,
    );
  }
}
