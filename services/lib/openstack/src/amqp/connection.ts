import { Connection } from "rabbitmq-client";
import type { Broker } from "./broker.ts";

/** Comes back by itself whenever it is lost. The name is what an operator sees in the broker's own lists. */
export const connectionTo = ({ hosts, vhost, tls, username, password }: Broker, connectionName: string): Connection =>
  new Connection({ hosts: [...hosts], vhost, tls, username, password: password(), connectionName, retryHigh: 5_000 });
