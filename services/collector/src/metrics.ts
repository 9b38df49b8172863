import { type Bus, BusUnavailable, type Fate } from "@raingauge/bus";
import { rowsIn } from "@raingauge/domain";
import { counter, type Exposition, gauge, histogram, metrics } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";

/**
 * Messages: received = settled + retried + rejected (+ those in hand when it ended). Rows, of messages that could be read:
 * received = stored + duplicated + those of calls that failed.
 */
export const collectorMetrics = () =>
  metrics("collector", {
    messagesReceived: counter("messages_received", "Messages handed over by the bus, redeliveries included."),
    messagesSettled: counter("messages_settled", "Messages whose rows are committed."),
    messagesRetried: counter("messages_retried", "Messages given back because the store was unavailable."),
    messagesRejected: counter("messages_rejected", "Messages that could not be read, by reason.", ["reason"]),
    rowsReceived: counter("rows_received", "Samples and events in messages that could be read."),
    rowsStored: counter("rows_stored", "Samples and events that the store had not had."),
    rowsDuplicated: counter("rows_duplicated", "Samples and events that the store had already."),
    rowsBelated: counter(
      "rows_belated",
      "Of those stored, readings for hours that were frozen already; they change no bill.",
    ),
    rowsRefused: counter(
      "rows_refused",
      "Samples and events in appends that failed; each is handed over again or rejected.",
    ),
    rollUpsFinished: counter("roll_ups_finished", "Roll-ups that ran to their end."),
    rollUpsFailed: counter("roll_ups_failed", "Roll-ups that the store was unavailable for."),
    backlog: gauge(
      "backlog_messages",
      "Messages on the bus that have met no fate yet, as of the last scrape that could ask.",
    ),
    commitSeconds: histogram("commit_seconds", "How long the store took to commit what was handed over at once.", {
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    }),
    endToEndSeconds: histogram(
      "end_to_end_seconds",
      "From the newest instant that a message tells of until its rows are committed.",
      {
        buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400],
        labels: ["region", "service"],
      },
    ),
    lastStored: gauge("last_stored_timestamp_seconds", "When rows of this region and service were committed last.", [
      "region",
      "service",
    ]),
    agentLastSeen: gauge(
      "agent_last_seen_timestamp_seconds",
      "Until when an agent has told that it was watching, of those heard since this process began.",
      ["region", "source", "agent"],
    ),
    agentClockOffset: gauge(
      "agent_clock_offset_seconds",
      "The clock of the bus less that of the agent, as its last coverage was stored; the way between them is in it.",
      ["region", "source", "agent"],
    ),
    clockWentAhead: counter(
      "messages_predated",
      "Messages that told of an instant which had not come yet by this clock.",
      ["region", "service"],
    ),
    hoursRolledUp: counter("hours_recomputed", "Hours of series that roll-ups computed again."),
    readingsRemoved: counter("readings_removed", "Readings that retention removed."),
    horizon: gauge("horizon_timestamp_seconds", "Before it hours are frozen; absent while nothing is.", []),
  });

export type CollectorMetrics = ReturnType<typeof collectorMetrics>;

/** What `/metrics` shows, the backlog asked for as it is shown. */
export const exposed = (counts: CollectorMetrics, bus: Pick<Bus, "backlog">): Exposition => ({
  async text() {
    try {
      counts.backlog.set(await bus.backlog());
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
    }
    return counts.text();
  },
});

/** The same bus, its messages and their fates counted. */
export function countedBus(bus: Pick<Bus, "consume">, counts: CollectorMetrics): Pick<Bus, "consume"> {
  return {
    consume: (handle, options) =>
      bus.consume(async (deliveries) => {
        counts.messagesReceived.add(deliveries.length);
        const fates = await handle(deliveries);
        for (const fate of fates) countFate(fate, counts);
        return fates;
      }, options),
  };
}

function countFate(fate: Fate, counts: CollectorMetrics): void {
  if (fate === "done") counts.messagesSettled.add(1);
  else if (fate === "retry") counts.messagesRetried.add(1);
  else counts.messagesRejected.add(1, { reason: codeOf(fate.reject) });
}

/** The code that opens the reason: a label must not have as many values as there are messages. */
const codeOf = (reason: string): string => /^[a-z_]+(?=:)/.exec(reason)?.[0] ?? "other";

/** The same store, its rows counted. */
export function countedStore(
  store: Pick<SampleStore, "append">,
  counts: CollectorMetrics,
): Pick<SampleStore, "append"> {
  return {
    async append(arrivals) {
      const rows = arrivals.reduce((total, arrival) => total + rowsIn(arrival.batch), 0);
      counts.rowsReceived.add(rows);
      const began = performance.now();
      try {
        const result = await store.append(arrivals);
        counts.commitSeconds.observe((performance.now() - began) / 1_000);
        counts.rowsStored.add(result.stored);
        counts.rowsDuplicated.add(result.duplicates);
        counts.rowsBelated.add(result.late ?? 0);
        return result;
      } catch (error) {
        counts.rowsRefused.add(rows);
        throw error;
      }
    },
  };
}
