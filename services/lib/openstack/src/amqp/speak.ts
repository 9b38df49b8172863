import type { Broker } from "./broker.ts";
import { connectionTo } from "./connection.ts";
import type { Pool } from "./topology.ts";

/** Says notifications as OpenStack's services do. For playing recordings, in the demo and in tests. */
export interface Speaker extends AsyncDisposable {
  /** Resolves once the broker has it; tried again while the broker is away. */
  say(exchange: string, routingKey: string, body: string | Uint8Array): Promise<void>;
}

export function speak(
  broker: Broker,
  { exchanges, exchangesDurable }: Pick<Pool, "exchanges" | "exchangesDurable">,
): Speaker {
  const connection = connectionTo(broker, "raingauge speaker");
  // Every failure is seen by whoever says something, and tried again.
  connection.on("error", () => undefined);
  const publisher = connection.createPublisher({
    confirm: true,
    maxAttempts: ATTEMPTS,
    exchanges: exchanges.map((exchange) => ({ exchange, type: "topic", durable: exchangesDurable })),
  });
  return {
    // What oslo sets; the body is bytes, so that the driver leaves it as it is.
    say: (exchange, routingKey, body) =>
      publisher.send(
        { exchange, routingKey, durable: true, contentType: "application/json", contentEncoding: "utf-8" },
        Buffer.from(body),
      ),
    async [Symbol.asyncDispose]() {
      await publisher.close();
      await connection.close();
    },
  };
}

/** About a minute without a broker. */
const ATTEMPTS = 20;
