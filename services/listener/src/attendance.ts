import { open, readFile, rename } from "node:fs/promises";
import { at, type Coverage, type Instant } from "@raingauge/domain";
import type { Session } from "@raingauge/openstack";

/** How far this listener can prove that nothing was said in its region that it has not passed on. */
export interface Attendance {
  /** Messages can come in from now on; of several queues, which one's. */
  connected(session: Session, queue?: number): void;
  disconnected(queue?: number): void;
  /** Says so as soon as all that waits now has been passed on; undefined if that is not to be. */
  confirm(): Promise<Coverage | undefined>;
}

export interface Attending {
  readonly region: string;
  /** Names the queues: what waits there while nobody listens is not missed. */
  readonly agent: string;
  /** How many there are. A region is listened to while all of them are: each may be the one that tells of an end. */
  readonly queues?: number;
  /** Remembers until when, so that a restart is no gap. */
  readonly file: string;
  readonly now: () => Instant;
  readonly publish: (coverage: Coverage) => Promise<void>;
}

/** Each period begins where the one before ended, for as long as the queue has kept everything in between. */
export async function attendance({ region, agent, queues = 1, file, now, publish }: Attending): Promise<Attendance> {
  let until = await remembered(file, agent);
  const sessions = new Map<number, Session>();
  return {
    connected(begun, queue = 0) {
      if (!begun.unbroken || until === undefined) until = now();
      sessions.set(queue, begun);
    },
    disconnected(queue = 0) {
      sessions.delete(queue);
    },
    async confirm() {
      const end = now();
      if (sessions.size < queues || !(await caughtUp(sessions))) return undefined;
      // A clock that was set back proves nothing of the time that it has still to reach.
      if (until === undefined || end <= until) return undefined;
      const coverage: Coverage = { region, source: "listener", agent, period: { start: until, end } };
      await publish(coverage);
      until = end;
      await remember(file, agent, end);
      return coverage;
    },
  };
}

/** False if any of them ended in the meantime. */
async function caughtUp(sessions: ReadonlyMap<number, Session>): Promise<boolean> {
  const asked = [...sessions];
  const answers = await Promise.all(asked.map(([, session]) => session.caughtUp()));
  return answers.every((answer) => answer) && asked.every(([queue, session]) => sessions.get(queue) === session);
}

async function remembered(file: string, agent: string): Promise<Instant | undefined> {
  try {
    const said: unknown = JSON.parse(await readFile(file, "utf8"));
    return isRecord(said) && said.agent === agent ? at(said.until) : undefined;
  } catch {
    // Nothing is remembered: a new beginning, which claims less than it might.
    return undefined;
  }
}

interface Record {
  readonly agent: string;
  readonly until: number;
}

const isRecord = (said: unknown): said is Record =>
  typeof said === "object" && said !== null && "agent" in said && "until" in said && Number.isSafeInteger(said.until);

async function remember(file: string, agent: string, until: Instant): Promise<void> {
  const part = await open(`${file}.part`, "w", 0o600);
  try {
    await part.writeFile(JSON.stringify({ agent, until } satisfies Record));
    await part.sync();
  } finally {
    await part.close();
  }
  await rename(`${file}.part`, file);
}
