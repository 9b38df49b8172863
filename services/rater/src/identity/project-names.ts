import { ApiError, type Keystone } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";

/** How projects are called, by their ids, as far as anybody says. */
export type ProjectNames = () => Promise<ReadonlyMap<string, string>>;

/** A project is seldom called otherwise, and a page is asked for by several people at once. */
const KEPT_MS = 10 * 60_000;

interface Collaborators {
  readonly keystone: Pick<Keystone, "projectNames">;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Asked of Keystone at most once in a while. A name is for people to find their way and nothing hangs on it: where Keystone does
 * not say, what it said last is shown, and ids where it never did.
 */
export function projectNames({ keystone, log, now }: Collaborators): ProjectNames {
  let names: ReadonlyMap<string, string> = new Map();
  let until = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    try {
      names = await keystone.projectNames();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.warn("project names not heard", { reason: error.message });
    }
    until = now() + KEPT_MS;
  };
  return async () => {
    if (now() >= until) {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    }
    return names;
  };
}
