import { describe, expect, it } from "vitest";
import { counter, gauge, histogram, metrics } from "./metrics.ts";

describe("metrics", () => {
  it("exposes what one process declares, under names that begin with the process", async () => {
    const collector = metrics("collector", {
      samplesStored: counter("samples_stored", "Samples that the store took.", ["region"]),
      lag: gauge("stream_lag_messages", "Messages that wait."),
      commit: histogram("commit_seconds", "How long a commit took.", { buckets: [0.1, 1] }),
    });

    collector.samplesStored.add(2, { region: "north" });
    collector.samplesStored.add(3, { region: "north" });
    collector.lag.set(7);
    collector.commit.observe(0.5);

    const text = await collector.text();
    expect(text).toContain('collector_samples_stored_total{region="north"} 5');
    expect(text).toContain("collector_stream_lag_messages 7");
    expect(text).toContain('collector_commit_seconds_bucket{le="1"} 1');
  });

  it.each(["samples", "store_samples", "samples_storing", "Samples_stored"])(
    "refuses to count %s: it is not a noun and a past verb",
    (name) => {
      expect(() => metrics("collector", { wrong: counter(name, "") })).toThrow(
        /not named <process>_<noun>_<past verb>_total/,
      );
    },
  );

  it("keeps the instruments of two processes in one program apart", async () => {
    const one = metrics("poller", { polls: counter("polls_failed", "Polls that gave nothing.") });
    const other = metrics("poller", { polls: counter("polls_failed", "Polls that gave nothing.") });

    one.polls.add(1);

    expect(await other.text()).toContain("poller_polls_failed_total 0");
  });
});
