import { EVERYTHING, projects } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { cloud, lived, MARCH, march } from "../fixtures/cloud.ts";
import type { Lent } from "./lent.ts";
import { shared } from "./shared.ts";

/** A cloud, with what its store is asked; `held` is what a question waits for before it is answered. */
async function watched(held: Promise<void> = Promise.resolve()) {
  const made = await cloud();
  await made.say(lived("acme", "vm-1", march(1), march(11)));
  const asked: AbortSignal[] = [];
  const totals: Lent["store"]["totals"] = async (query, scope, signal) => {
    if (signal !== undefined) asked.push(signal);
    const stopped = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true }),
    );
    await Promise.race([held, stopped]);
    return made.store.totals(query, scope, signal);
  };
  return { made, asked, question: shared({ ...made, store: { ...made.store, totals } }) };
}

const MONTH = { period: MARCH, by: ["project"] } as const;

describe("what questions ask of the store", () => {
  it("is asked once as long as nothing was stored since, and anew after that", async () => {
    const { made, asked, question } = await watched();
    const ask = () => question().store.totals(MONTH, EVERYTHING);

    const [first, second] = await Promise.all([ask(), ask()]);
    const third = await ask();
    await made.say(lived("globex", "vm-2", march(1), march(11)));
    const later = await ask();

    expect([second, third]).toEqual([first, first]);
    expect(first.map(({ by }) => by)).toEqual([["acme"]]);
    expect(new Set(later.map(({ by }) => by[0]))).toEqual(new Set(["acme", "globex"]));
    expect(asked).toHaveLength(2);
  });

  it("is answered to each by what he may see", async () => {
    const { asked, question } = await watched();
    await question().store.totals(MONTH, EVERYTHING);

    expect(await question().store.totals(MONTH, projects("globex"))).toEqual([]);
    expect(await question().store.projects(MARCH, projects("globex"))).toEqual([]);
    expect(await question().store.projects(MARCH, projects("acme"))).toEqual(["acme"]);
    expect(asked).toHaveLength(2);
  });

  it("goes on for the others when one gives up, and is stopped when all have", async () => {
    const answered = Promise.withResolvers<void>();
    const { asked, question } = await watched(answered.promise);
    const [one, other, last] = [new AbortController(), new AbortController(), new AbortController()];
    const ask = ({ signal }: AbortController, by: "project" | "region") =>
      question().store.totals({ ...MONTH, by: [by] }, EVERYTHING, signal);

    const answers = [ask(one, "project"), ask(other, "project")];
    const alone = ask(last, "region");
    await expect.poll(() => asked.length).toBe(2);
    one.abort(new Error("one is gone"));
    last.abort(new Error("the last is gone"));
    await expect(answers[0]).rejects.toThrow("one is gone");
    await expect(alone).rejects.toThrow("the last is gone");
    const stopped = asked.map(({ aborted }) => aborted);
    answered.resolve();

    expect(await answers[1]).not.toEqual([]);
    expect(stopped).toEqual([false, true]);
    expect(await question().store.totals({ ...MONTH, by: ["region"] }, EVERYTHING)).not.toEqual([]);
  });

  it("that failed is asked again", async () => {
    const made = await cloud();
    let calls = 0;
    const subjects: Lent["store"]["subjects"] = async () => {
      calls += 1;
      throw new Error("out of order");
    };
    const question = shared({ ...made, store: { ...made.store, subjects } });

    for (const _ of [1, 2])
      await expect(question().store.subjects({ period: MARCH }, EVERYTHING)).rejects.toThrow("out of order");

    expect(calls).toBe(2);
  });
});
