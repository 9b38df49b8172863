import { type Commits, readCommits } from "./commits.ts";
import type { InfluxdbServer } from "./server.ts";

/** A server, and what of it had been committed when a question began: what comes meanwhile is not part of the answer. */
export interface Seen {
  readonly server: InfluxdbServer;
  readonly commits: Commits;
}

export const look = async (server: InfluxdbServer): Promise<Seen> => ({ server, commits: await readCommits(server) });
