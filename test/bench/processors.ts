import { existsSync, readdirSync, readFileSync } from "node:fs";

/** For how many seconds processors were at it, by whose work it was. */
export interface Busy {
  /** The thread that JavaScript runs in, its part of collecting garbage included. */
  readonly thread: number;
  /** Threads of V8's own, which collect garbage and compile beside it. */
  readonly helpers: number;
  /** All other threads of this process: a store that runs in it has its own. */
  readonly others: number;
  /** Programs that this one started: its servers. */
  readonly servers: number;
}

/** Counts from now on. Undefined where the system does not tell by thread: Linux does. */
export function processors(): (() => Busy) | undefined {
  if (!existsSync("/proc/self/schedstat")) return undefined;
  const before = sofar();
  return () => {
    const now = sofar();
    return {
      thread: now.thread - before.thread,
      helpers: now.helpers - before.helpers,
      others: now.others - before.others,
      servers: now.servers - before.servers,
    };
  };
}

function sofar(): Busy {
  const { user, system } = process.threadCpuUsage();
  const thread = (user + system) / 1e6;
  const helpers = secondsOf("self", (name) => name.startsWith("V8Worker"));
  return { thread, helpers, others: secondsOf("self") - thread - helpers, servers: secondsOfChildren() };
}

function secondsOfChildren(): number {
  const children = tasksOf("self").flatMap((task) => told(`${task}/children`).split(" "));
  return children.filter((id) => id !== "").reduce((sum, id) => sum + secondsOf(id), 0);
}

/** Of a process' threads that have such a name. Those that ended are not counted: nearly all stay. */
const secondsOf = (id: string, isMeant: (name: string) => boolean = () => true): number =>
  tasksOf(id)
    .filter((task) => isMeant(told(`${task}/comm`)))
    .reduce((sum, task) => sum + nanoseconds(told(`${task}/schedstat`)) / 1e9, 0);

const tasksOf = (id: string): string[] => readdirSync(`/proc/${id}/task`).map((task) => `/proc/${id}/task/${task}`);

/** The first of its numbers: how long it had a processor. */
const nanoseconds = (schedstat: string): number => Number(schedstat.split(" ")[0] ?? 0);

/** Nothing of a thread that has ended meanwhile. */
function told(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
