import { type Commits, readCommits } from "./commits.ts";
import type { InfluxdbServer } from "./server.ts";

/** A server, and what of it had been committed when a question began: what comes meanwhile is not part of the answer. */
export interface Seen {
  readonly server: InfluxdbServer;
  readonly commits: Commits;
}

export const look = async (server: InfluxdbServer): Promise<Seen> => ({ server, commits: await readCommits(server) });

/**
 * Asks what depends on roll-ups and on what is frozen, and asks anew where these changed meanwhile: what they replace is
 * deleted. The second time it goes by readings alone, which no roll-up deletes, so that a long question ends.
 */
export async function steadily<T>(server: InfluxdbServer, ask: (seen: Seen) => Promise<T>): Promise<T> {
  for (let isFirst = true; ; isFirst = false) {
    const seen = await look(server);
    const asked = isFirst ? seen : { ...seen, commits: { ...seen.commits, rolled: undefined } };
    const answer = await ask(asked);
    if (seen.commits.frozen === undefined && asked.commits.rolled === undefined) return answer;
    const { frozen, rolled } = (await look(server)).commits;
    if (frozen?.since === seen.commits.frozen?.since && (!isFirst || rolled?.since === seen.commits.rolled?.since))
      return answer;
  }
}
