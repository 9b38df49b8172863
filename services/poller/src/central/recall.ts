import { type SeenFile, SeenUnreadable, SeenUnwritable } from "./seen-file.ts";
import type { Seen, Sweeping } from "./sweep.ts";

/** Where nothing is kept over a restart. */
export const FORGETFUL: SeenFile = { load: async () => undefined, save: async () => undefined };

/** What cannot be read is told of, and costs what vanished meanwhile: that is then billed for its limit, as if nobody had looked. */
export async function recalled(
  memory: SeenFile,
  { log, now }: Pick<Sweeping, "log" | "now">,
): Promise<Seen | undefined> {
  try {
    const seen = await memory.load();
    // A clock that was wrong when it was saved: from the future nothing can be concluded.
    return seen !== undefined && seen.at < now() ? seen : undefined;
  } catch (error) {
    if (!(error instanceof SeenUnreadable)) throw error;
    log.warn("what the last sweep saw is lost", { error });
    return undefined;
  }
}

export async function kept(memory: SeenFile, seen: Seen, { log }: Pick<Sweeping, "log">): Promise<void> {
  try {
    await memory.save(seen);
  } catch (error) {
    if (!(error instanceof SeenUnwritable)) throw error;
    log.warn("what this sweep saw is not kept", { error });
  }
}
