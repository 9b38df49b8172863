import { Connection } from "rabbitmq-client";
import type { Broker } from "./broker.ts";
import { tlsOf } from "./tls.ts";

/** Comes back by itself whenever it is lost. The name is what an operator sees in the broker's own lists. */
export function connectionTo(broker: Broker, connectionName: string): Connection {
  const { hosts, vhost, username, password } = broker;
  const who = { vhost, username, password: password(), connectionName };
  return new Connection({ hosts: [...hosts], tls: tlsOf(broker), ...who, retryHigh: 5_000 });
}
