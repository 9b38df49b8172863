import { type Door, raingauge } from "@raingauge/client";

/** Where a running Raingauge answers, and as whom we ask. */
export type { Door } from "@raingauge/client";

/** What the API refused, in its own words; or that it did not answer. Its message is for the person who typed the command. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/**
 * The running service, typed as its own OpenAPI document describes it: a route that is gone, or that wants or tells something
 * else, does not compile. What it refuses is thrown as Refused, with one clear sentence.
 */
export function service(door: Door): Service {
  const client = raingauge(door);
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok) throw new Refused(await sentence(response));
    },
    onError: () =>
      new Refused(
        `nothing answers at ${door.url}: start it with "raingauge up", or say where it is with --url or RAINGAUGE_URL`,
      ),
  });
  return client;
}
export type Service = ReturnType<typeof raingauge>;

/** What it answered. A refusal was thrown on the way, and a page, which is a text, is not what we accept. */
export const answered = async <T>(asked: Promise<{ readonly data?: T }>): Promise<Exclude<T, string>> =>
  (await asked).data as Exclude<T, string>;

/** A document in YAML, which is sent as it was written. */
export const yaml = (text: string) => ({
  body: text,
  bodySerializer: (written: string) => written,
  headers: { "content-type": "application/yaml" },
});

/** What a person typed, or another system told: the API is the one who says whether it is what it should be. */
export const said = <T>(words: unknown): T => words as T;

/** Whether something answers there. */
export const isAlive = (url: string): Promise<boolean> =>
  fetch(new URL("/healthz", url)).then(
    ({ ok }) => ok,
    () => false,
  );

async function sentence(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as ProblemAnswer;
  const wrong = problem.errors?.map(({ where, says }) => `${where} ${says}`).join("; ");
  const told = [
    wrong === undefined ? problem.title : problem.title?.replace(/; `errors` says.*/, ""),
    problem.detail,
    wrong,
  ]
    .filter((part) => part !== undefined)
    .join(": ");
  return `${told === "" ? response.statusText : told} (${problem.code ?? response.status})`;
}

interface ProblemAnswer {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly where: string; readonly says: string }[];
}
