import type { Instant } from "@raingauge/domain";
import { begin, type Changes, type Commits, commit, commitsLine, readCommits } from "./commits.ts";
import type { Seen } from "./seen.ts";
import { refuseLoss, refuseOther, type WriterName } from "./writer.ts";

export interface Writing {
  readonly me: WriterName;
  readonly now: Instant;
}

/**
 * Writes lines that all count, or none: they bear the instant that is given to `work`. Before the last word the books are
 * read once more. Two processes that begin in the same few milliseconds both sign, the later signature stands, and the other
 * finds it there; between that look and the last word nothing protects but how short it is.
 */
export async function transact<T>(
  { server, commits }: Seen,
  { me, now }: Writing,
  work: (
    storedAt: Instant,
  ) => Promise<{ readonly lines: readonly string[]; readonly result: T; readonly changes?: Changes }>,
): Promise<T> {
  refuseOther(commits.writer, me, now);
  const begun: Commits = begin(commits, { ...me, seen: now }, now);
  await server.write([commitsLine(begun)]);
  const { lines, result, changes } = await work(begun.begun);
  await server.write(lines);
  refuseLoss((await readCommits(server)).writer, me);
  await server.write([commitsLine(commit(begun, changes))]);
  return result;
}
