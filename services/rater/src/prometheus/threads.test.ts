import { EVERYTHING } from "@raingauge/domain";
import type { Query } from "@raingauge/promql";
import { describe, expect, it, onTestFinished } from "vitest";
import { APRIL, cloud, lived, march, ZONE } from "../fixtures/cloud.ts";
import type { Lent } from "./lent.ts";
import { outcomeOf, type Question } from "./question.ts";
import { type Threads, threads } from "./threads.ts";

const NEVER = new AbortController().signal;

const instantQuery = (text: string): Query => ({
  text,
  kind: "instant",
  grid: { start: APRIL, step: 1, count: 1 },
  lookbackMs: 300_000,
  samplesMax: 50_000_000,
});

const question = (text: string, query: Query = instantQuery(text)): Question => ({
  what: { kind: "query", query },
  scope: EVERYTHING,
  now: APRIL,
  zone: ZONE,
  book: "standard",
  lookbackMs: 300_000,
  seriesMax: 50_000,
});

/** Of the evaluator alone, long enough to be stopped in it. */
const LONG = "sum_over_time(vector(1)[20000000s:1s])";

async function pool(count: number, lent?: Lent): Promise<Threads> {
  const made = threads(count, lent ?? (await cloud()));
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

describe("questions on threads of their own", () => {
  it("are answered as they would be here", async () => {
    const made = await cloud();
    await made.say(lived("acme", "vm-1", march(1), march(11)));
    const asked = await pool(1, made);

    for (const text of [
      "sum(raingauge_cost_month_to_date)",
      "count(ceilometer_instance offset 25d)",
      "1 +",
      "rate(x[1m:1s])",
    ])
      expect(await asked.ask(question(text), NEVER).catch(({ message }) => message), text).toEqual(
        await outcomeOf(question(text), made).then((outcome) => ("says" in outcome ? outcome.says : outcome)),
      );
  });

  it("have their turn one after another where there are more than threads", async () => {
    const asked = await pool(1);

    const answers = await Promise.all(["1", "2", "3"].map((text) => asked.ask(question(text), NEVER)));

    expect(answers.map(({ data }) => JSON.parse(data).result[1])).toEqual(["1", "2", "3"]);
  });

  it.each([
    { name: "it computes", text: LONG },
    { name: "it waits for the store", text: "ceilometer_instance" },
  ])("end at once for whoever gives up while $name, and leave the thread to others", async ({ text }) => {
    const made = await cloud();
    const mute: Lent = { ...made, store: { ...made.store, points: () => new Promise(() => undefined) } };
    const asked = await pool(1, mute);
    await asked.ask(question("1"), NEVER);
    const given = new AbortController();

    const answer = asked.ask(question(text), given.signal);
    const next = asked.ask(question("2"), NEVER);
    given.abort(new Error("nobody waits"));

    await expect(answer).rejects.toThrow("nobody waits");
    expect(JSON.parse((await next).data).result[1]).toBe("2");
  });

  it("tell the store to stop when nobody waits for what it reads", async () => {
    const made = await cloud();
    const told = Promise.withResolvers<unknown>();
    const asking = Promise.withResolvers<void>();
    const points: Lent["store"]["points"] = (_, __, signal) => {
      asking.resolve();
      return new Promise((_resolve, reject) =>
        signal?.addEventListener("abort", () => {
          told.resolve(signal.reason);
          reject(signal.reason);
        }),
      );
    };
    const asked = await pool(1, { ...made, store: { ...made.store, points } });
    const given = new AbortController();

    const answer = asked.ask(question("ceilometer_instance"), given.signal);
    await asking.promise;
    given.abort(new Error("nobody waits"));

    await expect(answer).rejects.toThrow("nobody waits");
    expect(await told.promise).toEqual(new Error("nobody waits"));
    expect(JSON.parse((await asked.ask(question("2"), NEVER)).data).result[1]).toBe("2");
  });

  it("cost this thread far less than being answered here does", async () => {
    const lent = await cloud();
    const asked = await pool(1, lent);
    const heavy = question("sum_over_time(vector(1)[300000s:1s])");
    await asked.ask(question("1"), NEVER);

    const there = await spent(() => asked.ask(heavy, NEVER));
    const here = await spent(() => outcomeOf(heavy, lent));

    expect(there).toBeLessThan(here / 2);
  });
});

/** What it costs this thread, in microseconds of a processor: however busy the machine is, and however long it takes. */
async function spent(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
