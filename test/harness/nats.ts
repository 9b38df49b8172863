import { natsRecipe } from "@raingauge/servers";
import { containerEngine, dockerAnswers } from "./container.ts";
import { type Server, serve } from "./server.ts";
import { privateFolder, systemEngine } from "./system.ts";

/** A nats-server with JetStream and a store of its own. */
export const natsServer = async (): Promise<Server> => {
  const folder = privateFolder("nats");
  const { url, greeting, command } = await natsRecipe(folder);
  const engine = (await dockerAnswers())
    ? containerEngine({ name: "nats:2.10-alpine", port: 4222, greeting, args: ["-js", "-sd", "/data"] })
    : systemEngine({ folder, greeting, command });
  return serve(url, engine);
};
