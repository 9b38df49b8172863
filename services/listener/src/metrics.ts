import { counter, gauge, metrics } from "@raingauge/runtime";

/** received = published + ignored + refused, at any time. */
export const listenerMetrics = () =>
  metrics("listener", {
    received: counter("notifications_received", "Messages from RabbitMQ whose fate is settled."),
    published: counter("notifications_published", "Notifications that came to events and samples, which the bus took."),
    ignored: counter("notifications_ignored", "Notifications that are not our business, by why.", ["reason"]),
    refused: counter("notifications_refused", "Messages that say nothing we can take; they are set aside.", [
      "problem",
    ]),
    packets: counter("packets_published", "Messages that the bus or its spool took."),
    leftOut: counter(
      "readings_dropped",
      "Readings of an operator's own meters that a notification was to give and did not, as its log says why.",
      ["meter"],
    ),
    troubles: counter("troubles_told", "Losses of the broker, and what it refused."),
    connected: gauge("brokers_connected", "Brokers from which messages can come in.", ["region"]),
    confirmedUntil: gauge("coverage_end_seconds", "Until when it is proven that nothing was missed, in Unix time.", [
      "region",
    ]),
    asideMessages: gauge("set_aside_messages", "Messages set aside and not dealt with."),
    asideBytes: gauge("set_aside_bytes", "What they take."),
  });

export type ListenerMetrics = ReturnType<typeof listenerMetrics>;
