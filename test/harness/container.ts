import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { answered, type Greeting } from "@raingauge/servers";
import type { StartedTestContainer } from "testcontainers";
import type { Engine } from "./server.ts";

export interface Image {
  readonly name: string;
  /** The port it listens on inside; outside it is the greeting's, fixed, since Docker draws a new one at each restart. */
  readonly port: number;
  readonly greeting: Greeting;
  readonly env?: Record<string, string>;
  readonly args?: string[];
}

/** A server run as a container. testcontainers is heavy, so it is loaded only where a container is wanted. */
export const containerEngine = ({ name, port, greeting, env = {}, args = [] }: Image): Engine => {
  let container: StartedTestContainer | undefined;
  const launch = async (): Promise<StartedTestContainer> => {
    const { GenericContainer } = await import("testcontainers");
    return new GenericContainer(name)
      .withExposedPorts({ container: port, host: greeting.port })
      .withEnvironment(env)
      .withCommand(args)
      .start();
  };
  return {
    start: async () => {
      if (container === undefined) container = await launch();
      else await container.restart();
      await answered(greeting, () => undefined);
    },
    kill: async () => {
      await container?.stop({ remove: false, timeout: 0 });
    },
    clear: async () => {
      await container?.stop({ remove: true, removeVolumes: true });
      container = undefined;
    },
  };
};

/** Whether a container engine answers. RAINGAUGE_TEST_SERVERS=system prefers the system's own servers even then. */
export const dockerAnswers = async (): Promise<boolean> => {
  if (process.env["RAINGAUGE_TEST_SERVERS"] === "system") return false;
  if (process.env["DOCKER_HOST"] === undefined && !SOCKETS.some((socket) => existsSync(socket))) return false;
  const { getContainerRuntimeClient } = await import("testcontainers");
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
};

const SOCKETS = ["/var/run/docker.sock", join(homedir(), ".docker/run/docker.sock")];
