import { hash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { BusUnavailable, type Leases } from "@raingauge/bus";
import type { Log } from "@raingauge/runtime";

/** Which part of the work is this agent's. */
export interface Share {
  /** False where another agent does it, and where nobody can say: it is then left undone rather than done twice. */
  mine(work: string): boolean;
  /** Does it, if it is this agent's; it stays so until it is done, as long as the lease can be renewed. */
  during(work: string, act: () => Promise<void>): Promise<void>;
}

/** Where there is one agent, all of it is its own. */
export const ALONE: Share = { mine: () => true, during: (_, act) => act() };

export interface Sharing {
  readonly leases: Leases;
  readonly region: string;
  readonly agent: string;
  readonly works: readonly string[];
  /** Milliseconds, of a clock that never goes back. */
  readonly now: () => number;
  readonly log: Log;
}

export interface SharedWork extends Share {
  /** Says that this agent lives, takes what is its own and lets go what is another's. */
  round(): Promise<void>;
  /** Rounds until told to stop; then everything is let go at once. */
  run(signal: AbortSignal): Promise<void>;
}

/** How many times in its term a lease is renewed: two may fail. */
const ROUNDS_IN_TERM = 3;

/**
 * Shares work among the agents that live: each piece is to be done by one of them, chosen by a hash of both names, so that one
 * that comes or goes moves its own share and no more. A lease makes sure that, whatever they think of each other, one alone
 * does it: whose lease has run out by its own clock stops, and that is before anybody else can have it.
 */
export function sharing({ leases, region, agent, works, now, log }: Sharing): SharedWork {
  const until = new Map<string, number>();
  const busy = new Set<string>();
  const named = (work: string): string => `${region} work ${work}`;
  const living = `${region} agent `;

  const mine = (work: string): boolean => now() < (until.get(work) ?? 0);

  const settle = async (work: string, agents: readonly string[]): Promise<void> => {
    if (chosen(agents, work) !== agent && !busy.has(work)) {
      if (until.delete(work)) await leases.release(named(work), agent);
      return;
    }
    const askedAt = now();
    const isHeld = until.has(work);
    if (!(await leases.take(named(work), agent))) until.delete(work);
    else {
      until.set(work, askedAt + leases.termMs);
      if (!isHeld) log.info("share taken", { work });
    }
  };

  const round = async (): Promise<void> => {
    try {
      await leases.take(`${living}${agent}`, agent);
      const held = await leases.held();
      const agents = [...held.keys()].flatMap((name) => (name.startsWith(living) ? [name.slice(living.length)] : []));
      await Promise.all(works.map((work) => settle(work, agents)));
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      log.warn("share not renewed", { error });
    }
  };

  const letGo = async (): Promise<void> => {
    until.clear();
    try {
      await Promise.all([...works.map(named), `${living}${agent}`].map((name) => leases.release(name, agent)));
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
    }
  };

  return {
    mine,
    round,
    async during(work, act) {
      if (!mine(work)) return;
      busy.add(work);
      try {
        await act();
      } finally {
        busy.delete(work);
      }
    },
    async run(signal) {
      while (!signal.aborted) {
        await round();
        await pause(leases.termMs / ROUNDS_IN_TERM, undefined, { signal }).catch(() => undefined);
      }
      await letGo();
    },
  };
}

/** The agent whose hash together with the work's is the highest. */
const chosen = (agents: readonly string[], work: string): string | undefined =>
  agents
    .map((agent) => ({ agent, rank: hash("sha256", JSON.stringify([agent, work]), "hex") }))
    .toSorted((a, b) => (a.rank < b.rank ? 1 : -1))[0]?.agent;
