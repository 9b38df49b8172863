/**
 * A real server, started for one suite. Promises, each held by the harness's own tests:
 * 1. It answers when it is handed over, and again when `restart` resolves.
 * 2. Its `url` and what it had stored stay the same across `kill` and `restart`.
 * 3. `kill` ends it without a goodbye: nothing is flushed, and what comes next is a recovery.
 * 4. After `stop` nothing of it is left: no process, no port, no folder. Stopping twice is stopping once.
 * 5. When the test process dies, however it dies, its servers die with it.
 */
export interface Server extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What a server is made from, whether it runs in a container or as one of the system's own programs. */
export interface Engine {
  /** Resolves once the server answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it gently if it still runs, and clears away all that it left. */
  clear(): Promise<void>;
}

export const serve = async (url: string, engine: Engine): Promise<Server> => {
  try {
    await engine.start();
  } catch (error) {
    await engine.clear();
    throw error;
  }
  return {
    url,
    kill: () => engine.kill(),
    restart: async () => {
      await engine.kill();
      await engine.start();
    },
    stop: () => engine.clear(),
    [Symbol.asyncDispose]: () => engine.clear(),
  };
};
